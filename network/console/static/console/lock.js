// An idle desk: covers the page when it locks, and keeps typed words in this tab until it opens again.
const body = document.body;
const main = document.getElementById("shown");
const cover = document.getElementById("locked");
const place = `words:${location.pathname}`;
const isWords = (field) =>
  field.name && field.matches("textarea, input:not([type]), input[type=text], input[type=search]");
const SECRET = "[type=hidden], [type=password], [type=file], [name=pin], [name=token]";
const CHOSEN = "[type=checkbox], [type=radio]";

function keep(state) {
  const words = [...main.querySelectorAll("input, textarea")]
    .filter(isWords)
    .map((field, n) => [field.name, n, field.value, field.defaultValue])
    .filter(([, , value, before]) => value !== before);
  if (words.length) sessionStorage.setItem(place, JSON.stringify({ state, words }));
}

// Another language or another look draws the page anew: all that was filled in is put back.
const fields = () =>
  [...main.querySelectorAll("input, textarea, select")].filter(
    (input) => input.name && !input.matches(SECRET),
  );
const filled = (input) => (input.matches(CHOSEN) ? input.checked : input.value);
function keepAll() {
  const kept = fields().map((input) => [input.name, input.matches(CHOSEN) ? input.value : "", filled(input)]);
  sessionStorage.setItem("filled", JSON.stringify({ path: location.pathname, kept }));
}
function restoreAll() {
  const { path, kept } = JSON.parse(sessionStorage.getItem("filled") || "{}");
  sessionStorage.removeItem("filled");
  // What a press was answered with is drawn anew by the page above it.
  if (!path || (path !== location.pathname && !path.startsWith(`${location.pathname}/`))) return;
  const here = fields();
  for (const [name, value, was] of kept) {
    const n = here.findIndex(
      (input) => input.name === name && (!input.matches(CHOSEN) || input.value === value),
    );
    const [field] = n < 0 ? [] : here.splice(n, 1);
    if (!field || filled(field) === was) continue;
    if (field.matches(CHOSEN)) field.checked = was;
    else field.value = was;
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
  }
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(place) || "null");
  sessionStorage.removeItem(place);
  if (!kept || kept.state !== "locked") return;
  const fields = [...main.querySelectorAll("input, textarea")].filter(isWords);
  for (const [name, n, value] of kept.words) {
    const field = fields[n]?.name === name ? fields[n] : fields.find((input) => input.name === name);
    if (field) field.value = value;
  }
}

let title = "";
// Names stand in what a page holds, in the list beside it, and nowhere else.
const shown = () => [main, ...document.querySelectorAll(".work-list")];

export function lock() {
  if (!cover || !cover.hidden) return;
  keep("locked");
  for (const part of shown()) part.hidden = true;
  title = document.title;
  document.title = "Porchlight"; // a person's name may stand in it
  cover.hidden = false;
  dispatchEvent(new Event("locked"));
  cover.querySelector("a").focus();
}

function unlock() {
  if (!cover || cover.hidden) return;
  cover.hidden = true;
  dispatchEvent(new Event("unlocked"));
  for (const part of shown()) part.hidden = false;
  document.title = title;
  sessionStorage.removeItem(place);
}

// The session was ended: nobody stays on this page, and no word that was typed in it is kept.
export function signedOut() {
  const end = document.getElementById("signed-out");
  if (!end || !end.hidden) return;
  clearTimeout(due);
  for (const part of shown()) part.replaceChildren();
  if (cover) cover.hidden = true;
  document.title = "Porchlight";
  end.hidden = false;
  end.querySelector("a").focus();
}

// Null when signed out; asking is no act.
async function locksIn() {
  const answer = await fetch("/account/lock", { headers: { "X-Panel": "1" }, redirect: "manual" });
  return answer.ok ? (await answer.json()).locks_in : null;
}

// A page with a socket is told that its session was ended; another has to ask.
const LONGEST = document.querySelector("[data-panel]") ? 1200 : 15;
let due;
function look(seconds) {
  clearTimeout(due);
  due = setTimeout(check, Math.min(Math.max(seconds, 1), LONGEST) * 1000);
}

async function check() {
  let left;
  try {
    left = await locksIn();
  } catch {
    look(15);
    return;
  }
  if (left === null) {
    signedOut();
    return;
  }
  if (left <= 0) {
    lock();
    look(15);
  } else {
    unlock();
    look(left + 1);
  }
}

if ("touch" in body.dataset) {
  // A button was pressed at a locked desk: what was typed on its page is wanted again.
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith("words:"))) {
    const kept = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.setItem(key, JSON.stringify({ ...kept, state: "locked" }));
  }
} else if ("locks" in body.dataset) {
  restore();
  document.addEventListener("DOMContentLoaded", restoreAll); // once other scripts mind the fields
  main.addEventListener("submit", () => keep("sent"));
  for (const name of ["language", "theme"])
    for (const button of document.querySelectorAll(`button[name=${name}]`))
      button.form?.addEventListener("submit", keepAll);
  if (body.dataset.locks) {
    look(Number(body.dataset.locks) + 1);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) check();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) check();
    });
  }
} else {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith("words:") || key === "filled") sessionStorage.removeItem(key);
}
