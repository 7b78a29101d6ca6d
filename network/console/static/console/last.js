// For when the line is cut: what waited when this console last heard, in codes and numbers, and a banner.
// It is kept in this browser until somebody signs out, the desk locks, or would have locked.
import { clock, now } from "./clock.js";

const LAST = "last",
  PLACE = "/last",
  OFTEN = 2000;
const mark = document.documentElement.dataset;
const banner = document.getElementById("offline");
const signedIn = "locks" in document.body.dataset && !("touch" in document.body.dataset);
const isCut = () => "offline" in mark;
let heard = now(),
  until = 0,
  over = !signedIn,
  due = 0;

async function clear() {
  over = true;
  until = 0;
  if ("caches" in window) await caches.delete(LAST).catch(() => {}); // a private window may have none
}

async function keep(state) {
  if (over || !("caches" in window)) return;
  const place = await caches.open(LAST).catch(() => null);
  await place?.put(
    PLACE,
    new Response(JSON.stringify({ ...state, heard, ahead: now() - Date.now(), zone: mark.zone })),
  );
  if (over) await clear(); // it locked meanwhile
}

async function ask() {
  due = 0;
  const answer = await fetch(PLACE, { headers: { "X-Panel": "1" }, redirect: "manual" }).catch(() => null);
  if (!answer || answer.status >= 500) return; // not heard: what was kept stands
  if (!answer.ok) return void clear();
  const state = await answer.json();
  heard = now();
  until = Date.parse(state.until);
  keep(state);
}

async function read() {
  const kept = "caches" in window && (await caches.match(PLACE, { cacheName: LAST }).catch(() => null));
  return kept ? kept.json() : null;
}

async function again() {
  const state = await read();
  if (state) keep(state);
}

// Somebody may have acted in another window since: the server knows, and without a line what that window kept.
async function expire() {
  if (!isCut()) return ask();
  const state = await read();
  if (state && Date.parse(state.until) <= now()) await clear();
}

function tell() {
  if (!banner) return;
  banner.hidden = !isCut();
  const since = banner.querySelector("[data-since]");
  since.textContent = since.dataset.words
    .replace("{at}", clock(heard, { hour: "2-digit", minute: "2-digit" }))
    .replace("{n}", Math.round((now() - heard) / 60000));
}

// The page for offline times is kept in the language and the colors that are in use.
async function renewPage() {
  await navigator.serviceWorker.ready;
  const shell = (await caches.keys()).find((name) => name.startsWith("shell-"));
  if (shell) await (await caches.open(shell)).add("/offline").catch(() => {});
}

if (!signedIn) clear();
else {
  if ("serviceWorker" in navigator && "caches" in window) {
    navigator.serviceWorker
      .register("/sw.js")
      .then(renewPage)
      .catch(() => {});
  }
  if (document.querySelector("[data-panel]")) {
    ask();
    addEventListener("hint", (event) => {
      heard = now();
      if (event.detail === "pong") again();
      else if (!due) due = setTimeout(ask, OFTEN + Math.random() * Number(mark.spread || 0)); // live.js knows how many we are
    });
  }
  for (const event of ["locked", "signedout"]) addEventListener(event, clear);
  addEventListener("unlocked", () => {
    over = false;
    ask();
  });
  addEventListener("reach", () => {
    tell();
    if (!isCut()) ask();
  });
  setInterval(() => {
    if (isCut()) tell();
    if (until && now() > until) expire();
  }, 5000);
  // What is pressed while nothing reaches anybody would end on an error page, and take typed words along.
  document.addEventListener(
    "submit",
    (event) => {
      if (!isCut() || event.target.method === "dialog") return;
      event.preventDefault();
      tell();
      if (!event.target.matches("[data-draft]")) banner?.focus();
    },
    true,
  );
  document.querySelector(`form[action$="/logout/"]`)?.addEventListener("submit", clear);
  tell();
}
