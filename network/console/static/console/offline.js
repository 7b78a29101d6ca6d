// The page for when there is no line: what was kept when the console last heard, with its age.
const LAST = "last",
  PLACE = "/last",
  AGAIN = 15000;
const since = document.querySelector("[data-since]"),
  list = document.querySelector("[data-needs]"),
  many = document.querySelector("[data-many]");
const said = new Map(
  [...document.querySelectorAll("[data-code]")].map((node) => [node.dataset.code, node.textContent]),
);
// By the server's clock, as far as it was known when it was last heard; without a line nobody else tells the time.
let ahead = 0,
  zone;
const now = () => Date.now() + ahead;
const clock = (at) =>
  new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });

async function read() {
  const kept = await caches.match(PLACE, { cacheName: LAST });
  const state = kept && (await kept.json());
  if (state) {
    ahead = state.ahead || 0;
    zone = state.zone;
  }
  if (!state || now() <= Date.parse(state.until)) return state;
  await caches.delete(LAST); // the desk would have locked by now
}

const bad = new Map(
  [...document.querySelectorAll("li[data-severity]")].map((item) => [Number(item.dataset.severity), item]),
);
const STANDINGS = ["duress", "late", "due", "wait"];

// In the order in which the server had them: the worst first.
function line({ number, reason, due, severity, others }) {
  const row = document.getElementById("waited").content.firstElementChild.cloneNode(true);
  const standing = STANDINGS[severity] || "wait";
  const late = Date.parse(due) <= now();
  row.classList.add(standing);
  const sign = row.querySelector("use");
  sign.setAttribute("href", sign.getAttribute("href").replace(/#.*/, `#s-${standing}`));
  row.querySelector("strong").textContent = bad.get(severity)?.textContent || "";
  row.querySelector("time").textContent =
    `${late ? list.dataset.wordLate : list.dataset.wordDue} ${clock(due)}`;
  row.querySelector(".need-what").textContent = said.get(reason) || reason;
  row.querySelector(".need-who").textContent = [number ? `#${number}` : "", others ? `+${others}` : ""]
    .filter(Boolean)
    .join(" · ");
  return row;
}

async function show() {
  const state = await read();
  many.hidden = !state;
  list.hidden = !state?.needs.length;
  if (!state) {
    since.textContent = since.dataset.nothing;
    list.replaceChildren();
    return;
  }
  since.textContent = since.dataset.words
    .replace("{at}", clock(state.heard))
    .replace("{n}", Math.round((now() - state.heard) / 60000));
  many.textContent = many.dataset.words.replace("{n}", state.needs.length + state.more);
  list.replaceChildren(...state.needs.map(line));
}

let leaves = false;

async function back() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok || leaves) return;
  leaves = true; // a second reload would begin the first anew
  location.reload();
}

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
// The device says that it is online a moment before anything gets through.
addEventListener("online", () => {
  for (const wait of [0, 1000, 4000]) setTimeout(back, wait);
});
setInterval(back, AGAIN);
setInterval(show, 20000);
show();
