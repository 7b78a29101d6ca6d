// The live page: hints come by a socket, and what changed is fetched by ordinary HTTP.
// A panel is never swapped while it holds what a person has begun to type.
import { lock, signedOut } from "./lock.js";

const panels = [...document.querySelectorAll("[data-panel]")];
const sign = document.querySelector("[data-live]");
const POLL = 15000, PING = 10000, SILENT = 25000;
// seen: the newest change that every panel holds; told: the newest that the server has told of.
let socket, tries = 0, due = 0, up = false, out = false, heard = 0, seen = 0, told = 0, again = false, busy = false;

// When the server was last heard from: never the time of this machine going on by itself.
const clock = (at) => new Date(at).toLocaleTimeString([], { hour12: false });

function tell() {
  if (!sign) return;
  const word = out ? sign.dataset.wordOut : up ? sign.dataset.wordLive : sign.dataset.wordLost;
  if (sign.firstElementChild.textContent !== word) sign.firstElementChild.textContent = word;
  sign.classList.toggle("lost", !up);
  sign.lastElementChild.textContent = heard ? clock(heard) : "";
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
}

// Whether somebody is at work in a field of this panel, or has left words in one.
function typing(panel) {
  return [...panel.querySelectorAll("input:not([type=hidden]),textarea,select")].some(
    (field) => field === document.activeElement || (field.defaultValue !== undefined && field.value !== field.defaultValue));
}

// Rows change places; what was opened is known by its name, where it has one.
const named = (details, n) => details.querySelector("summary").id || n;

async function refresh(panel) {
  const answer = await fetch(panel.dataset.panel, { headers: { "X-Panel": "1" }, redirect: "manual" });
  if (answer.type === "opaqueredirect") { leave(); return; }
  if (answer.status === 423) { lock(); return 0; }
  if (!answer.ok) throw new Error(answer.status);
  const held = Number(answer.headers.get("X-Seq"));
  const fresh = await answer.text();
  const plain = fresh.replace(/csrfmiddlewaretoken" value="[^"]*"/g, "");
  if (panel.lastSeen === plain) return held;
  if (typing(panel)) return 0;  // looked at again once the field is left
  panel.lastSeen = plain;
  const at = panel.contains(document.activeElement) ? document.activeElement : null;
  const focused = at?.id ? `#${CSS.escape(at.id)}` : at?.hasAttribute("formaction") ? `[formaction="${at.getAttribute("formaction")}"]` : null;
  const opened = new Set([...panel.querySelectorAll("details")].map((one, n) => one.open && named(one, n)));
  const bottom = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 40;
  panel.innerHTML = fresh;
  [...panel.querySelectorAll("details")].forEach((one, n) => { one.open = opened.has(named(one, n)); });
  if (focused) panel.querySelector(focused)?.focus();
  if ("stick" in panel.dataset && bottom) panel.scrollTop = panel.scrollHeight;
  panel.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
  tick();
  return held;
}

async function refreshAll() {
  clearTimeout(due);
  due = 0;
  if (busy) { again = true; return; }  // one round at a time: an older answer never lands on a newer
  busy = true;
  const answers = await Promise.allSettled(panels.map(refresh));
  busy = false;
  const held = answers.map((one) => (one.status === "fulfilled" && one.value) || 0);
  seen = Math.max(seen, Math.min(...held));
  if (again) { again = false; soon(); }
}

function soon() {
  if (!due) due = setTimeout(refreshAll, 80);
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  const mine = socket;
  socket.onopen = () => { tries = 0; mine.send("ping"); refreshAll(); };
  socket.onmessage = (event) => {
    const { about, seq } = JSON.parse(event.data);
    up = true;
    heard = Date.now();
    told = Math.max(told, seq || 0);
    tell();
    if (about !== "pong" || told > seen) soon();
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
  return `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`;
}

function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-age]")) {
    time.textContent = span((now - Date.parse(time.dateTime)) / 1000);
  }
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = (Date.parse(time.dateTime) - now) / 1000;
    time.textContent = left < 0 ? `−${span(left)}` : span(left);
  }
  tell();
}

if (panels.length) {
  for (const panel of panels) if ("stick" in panel.dataset) panel.scrollTop = panel.scrollHeight;
  connect();
  setInterval(() => { if (!up && !out) refreshAll(); }, POLL);
  setInterval(() => {
    if (socket.readyState === 1) socket.send("ping");
    // A line that is cut without a word looks open for minutes: what is not answered is not live.
    if (up && Date.now() - heard > SILENT) { up = false; tell(); socket.onclose = null; socket.close(); connect(); }
  }, PING);
  for (const event of ["focus", "online", "pageshow"]) addEventListener(event, soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
}
tick();
setInterval(tick, 1000);
