// The live page: hints come by a socket, and what changed is fetched by ordinary HTTP.
// A panel is never swapped while it holds what a person has begun to type.
import { clock, learn, now } from "./clock.js";
import { lock, signedOut } from "./lock.js";
import { paint } from "./paint.js";
import { Idiomorph } from "./vendor/idiomorph.js";

const panels = [...document.querySelectorAll("[data-panel]")];
const together = document.querySelector("[data-panels]"); // those inside come in one answer
const ringing = document.querySelector("div[data-alarm] [data-panel]");
// A panel that only a wide screen shows is asked for where there is room for it.
const room = (panel) => matchMedia(`(min-width: ${panel.dataset.from})`);
const isShown = (panel) => !panel.dataset.from || room(panel).matches;
const alone = panels.filter((panel) => panel !== ringing && !together?.contains(panel));
const sign = document.querySelector("[data-live]");
const POLL = 15000,
  PING = 10000,
  SILENT = 25000,
  BEGINS = 5000, // until a page that has just opened says that it isn't live
  AT_ONCE = 80;
// Fetches of many consoles are spread over so long a time that the server has room; the alarm's, over an eighth.
const FEW = 4,
  EACH = 60,
  LONGEST = 30000;
// told: the newest change that the server has told of.
let since = 0,
  socket,
  tries = 0,
  up = false,
  out = false,
  locked = false,
  heard = 0,
  told = 0,
  spread = 0,
  reached = true;

// Whether nothing reaches the server: the device says so, or neither the socket nor any fetch of the last round did.
function reach() {
  const mark = document.documentElement.dataset,
    cut = !navigator.onLine || (!up && !reached);
  if ("offline" in mark === cut) return;
  if (cut) mark.offline = "";
  else delete mark.offline;
  dispatchEvent(new Event("reach"));
}

function tell() {
  reach();
  if (!sign) return;
  const live = up && !("offline" in document.documentElement.dataset);
  const begins =
    !heard && !out && performance.now() < BEGINS && !("offline" in document.documentElement.dataset);
  const word = out
    ? sign.dataset.wordOut
    : live
      ? sign.dataset.wordLive
      : begins
        ? sign.dataset.wordWait
        : sign.dataset.wordLost;
  const place = sign.querySelector("span");
  if (place.textContent !== word) place.textContent = word;
  sign.classList.toggle("lost", !live && !begins);
  document.documentElement.dataset.line = live ? "yes" : begins ? "begins" : "no";
  sign.querySelector("time").textContent = heard ? clock(heard) : "";
  for (const told of document.querySelectorAll("[data-live-since]")) {
    told.hidden = !up;
    told.lastElementChild.textContent = clock(since);
  }
}

// Signed out: what panels showed goes, and with it what rang.
function leave() {
  out = true;
  up = false;
  tell();
  for (const panel of panels) {
    panel.replaceChildren();
    panel.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
  }
  signedOut();
  dispatchEvent(new Event("signedout"));
}

// Whether somebody is at work in a field of this panel, or has left words in one.
function typing(panel) {
  return [...panel.querySelectorAll("input:not([type=hidden]),textarea,select")].some(
    (field) =>
      field === document.activeElement ||
      (field.defaultValue !== undefined && field.value !== field.defaultValue),
  );
}

// A button that is pressed stays under the finger: swapped between down and up, it would do nothing.
let pressed = null;
addEventListener(
  "pointerdown",
  (event) => {
    pressed = event.target;
  },
  true,
);
for (const end of ["pointerup", "pointercancel"])
  addEventListener(
    end,
    () =>
      setTimeout(() => {
        if (panels.some((panel) => panel.contains(pressed))) soon();
        pressed = null;
      }, 50),
    true,
  );

// Null where the server has shown us out; what to show and the newest change it holds otherwise.
async function ask(url) {
  const asked = performance.now();
  const answer = await fetch(url, { headers: { "X-Panel": "1" }, redirect: "manual" });
  learn(Number(answer.headers.get("X-Now")), performance.now() - asked);
  if (answer.type === "opaqueredirect") {
    leave();
    return null;
  }
  if (answer.status === 423) {
    lock();
    return null;
  }
  if (!answer.ok) throw new Error(answer.status);
  return { held: Number(answer.headers.get("X-Seq")), fresh: await answer.text() };
}

// What somebody unfolded stays unfolded, what they ticked stays ticked, and what a script shows keeps the focus.
const stays = (name, node) =>
  !(name === "open" && node.matches("details, dialog")) &&
  name !== "checked" &&
  !(name === "hidden" && node.matches("[data-hush]"));

// What is under the pointer stays there: a row that comes in above it would be pressed in its place.
const points = matchMedia("(hover: hover)");
const scrolls = (box) => {
  while (box && box !== document.body) {
    if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY))
      return box;
    box = box.parentElement;
  }
  return document.scrollingElement;
};
function still(change) {
  const under = points.matches && [...document.querySelectorAll("main :hover")].at(-1);
  const before = under && under.getBoundingClientRect().top;
  change();
  if (!under || !under.isConnected) return;
  const place = scrolls(under),
    left = () => under.getBoundingClientRect().top - before;
  if (Math.abs(left()) < 1) return;
  place.scrollTop += left();
  // The page may be too short to be scrolled so far.
  if (left() >= 1) {
    const main = document.getElementById("main");
    main.style.minHeight = `${main.getBoundingClientRect().height + left()}px`;
    place.scrollTop += left();
  }
}

// Whether the panel now shows it.
function swap(panel, fresh) {
  // A token is new each time, and how long until then is the clock's: neither is a change.
  const plain = fresh
    .replace(/csrfmiddlewaretoken" value="[^"]*"/g, "")
    .replace(/(<time [^>]*data-(?:until|age)[^>]*>)[^<]*/g, "$1");
  if (panel.lastSeen === plain) return true;
  if (typing(panel) || panel.contains(pressed)) return false; // looked at again once field or button is left
  panel.lastSeen = plain;
  const opened = [...panel.querySelectorAll("details[open] > summary[id]")].map((summary) => summary.id);
  still(() =>
    Idiomorph.morph(panel, fresh, { morphStyle: "innerHTML", callbacks: { beforeAttributeUpdated: stays } }),
  );
  // A row that changed its place may be another node: what was unfolded in it is known by its name.
  for (const id of opened) document.getElementById(id)?.parentElement.setAttribute("open", "");
  panel.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
  return true;
}

async function refresh(panel) {
  if (!isShown(panel)) return Infinity;
  const got = await ask(panel.dataset.panel);
  return got && swap(panel, got.fresh) ? got.held : 0;
}

async function refreshTogether() {
  const got = await ask(together.dataset.panels);
  if (!got) return 0;
  const parts = new Map(
    [...new DOMParser().parseFromString(got.fresh, "text/html").querySelectorAll("[data-part]")].map(
      (part) => [part.dataset.part, part.innerHTML],
    ),
  );
  const shown = [...together.querySelectorAll("[data-panel]")].map((panel) =>
    swap(panel, parts.get(panel.dataset.panel) ?? ""),
  );
  return shown.every(Boolean) ? got.held : 0;
}

// One round of fetches at a time, so that an older answer never lands on a newer.
function rounds(looks, rests = () => false) {
  let due = 0,
    at = 0,
    again = false;
  const round = {
    busy: false,
    seen: 0, // the newest change that all of them hold
    async go() {
      clearTimeout(due);
      due = 0;
      if (rests()) return;
      if (round.busy) {
        again = true;
        return;
      }
      round.busy = true;
      const answers = await Promise.allSettled(looks.map((look) => look()));
      round.busy = false;
      reached =
        !answers.every((answer) => answer.status === "rejected" && answer.reason instanceof TypeError) ||
        !answers.length;
      tick();
      round.seen = Math.max(
        round.seen,
        Math.min(...answers.map((answer) => (answer.status === "fulfilled" && answer.value) || 0)),
      );
      if (again) {
        again = false;
        round.soon(AT_ONCE);
      }
    },
    soon(wait) {
      if (due && Date.now() + wait >= at) return;
      clearTimeout(due);
      at = Date.now() + wait;
      due = setTimeout(round.go, wait);
    },
  };
  return round;
}

// A locked desk asks for no panel, whatever it hears; the alarm goes on.
const page = rounds(
  [...alone.map((panel) => () => refresh(panel)), ...(together ? [refreshTogether] : [])],
  () => locked,
);
const alarm = rounds(ringing ? [() => refresh(ringing)] : []);

function refreshAll() {
  page.go();
  alarm.go();
}
function soon() {
  page.soon(AT_ONCE);
  alarm.soon(AT_ONCE);
}
function later() {
  page.soon(AT_ONCE + Math.random() * spread);
  alarm.soon(AT_ONCE + (Math.random() * spread) / 8);
}

let pinged = 0;
function ping(socket) {
  pinged = performance.now();
  socket.send("ping");
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  const mine = socket;
  socket.onopen = () => {
    tries = 0;
    ping(mine);
    refreshAll();
  };
  socket.onmessage = (event) => {
    const { about, seq, shows, consoles, now: said } = JSON.parse(event.data);
    if (about === "pong") learn(said, performance.now() - pinged);
    heard = now();
    if (!up) since = heard;
    up = true;
    told = Math.max(told, seq || 0);
    tell();
    if (consoles)
      document.documentElement.dataset.spread = spread = Math.min(
        Math.max(consoles - FEW, 0) * EACH,
        LONGEST,
      );
    if (shows) {
      still(() => paint(shows));
      tick();
    }
    if (about !== "pong") later();
    else if (!page.busy && !alarm.busy && told > Math.min(page.seen, ringing ? alarm.seen : Infinity))
      later();
    dispatchEvent(new CustomEvent("hint", { detail: about }));
  };
  socket.onclose = (event) => {
    if (mine !== socket) return;
    up = false;
    if (event.code === 4401) leave();
    tell();
    if (!out) setTimeout(connect, Math.min(500 * 2 ** tries++, 10000));
  };
}

function span(seconds) {
  const s = Math.abs(seconds);
  if (s < 90) return `${Math.round(s)} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s > 172800) return `${Math.round(s / 86400)} d`;
  const minutes = Math.round(s / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function said(word, late) {
  if (word?.dataset.wordLate) word.textContent = late ? word.dataset.wordLate : word.dataset.word;
}

function tick() {
  const at = now();
  for (const time of document.querySelectorAll("time[data-age]")) {
    time.textContent = span((at - Date.parse(time.dateTime)) / 1000);
  }
  const { wordIn, wordLate } = document.documentElement.dataset;
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = (Date.parse(time.dateTime) - at) / 1000;
    const alone = time.dataset.until === "alone"; // a word beside it says late
    if (alone) said(time.previousElementSibling, left < 0);
    time.textContent =
      left < 0 && alone ? span(left) : (left < 0 ? wordLate : wordIn).replace("{span}", span(left));
  }
  tell();
}

if (panels.length) {
  for (const panel of panels) if (panel.dataset.from) room(panel).addEventListener("change", soon);
  connect();
  setInterval(() => {
    if (!up && !out) refreshAll();
  }, POLL);
  setInterval(() => {
    if (socket.readyState === 1) ping(socket);
    // A line that is cut without a word looks open for minutes: what is not answered is not live.
    if (up && now() - heard > SILENT) {
      up = false;
      tell();
      socket.onclose = null;
      socket.close();
      connect();
    }
  }, PING);
  for (const event of ["focus", "online", "pageshow"]) addEventListener(event, soon);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) soon();
  });
}
addEventListener("locked", () => {
  locked = true;
});
addEventListener("unlocked", () => {
  locked = false;
  if (panels.length) soon();
});
for (const event of ["online", "offline"]) addEventListener(event, tick);
tick();
setInterval(tick, 1000);
