// The live page: hints come by a socket, and what changed is fetched by ordinary HTTP.
// A panel is never swapped while it holds what a person has begun to type.
import { lock } from "./lock.js";

const panels = [...document.querySelectorAll("[data-panel]")];
const sign = document.querySelector("[data-live]");
const POLL = 15000;
let socket, tries = 0, due = 0, up = false, out = false;

const clock = () => new Date().toLocaleTimeString([], { hour12: false });

function tell() {
  if (!sign) return;
  const word = out ? sign.dataset.wordOut : up ? sign.dataset.wordLive : sign.dataset.wordLost;
  if (sign.firstElementChild.textContent !== word) sign.firstElementChild.textContent = word;
  sign.classList.toggle("lost", !up);
  if (up) sign.lastElementChild.textContent = clock();
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
  if (answer.type === "opaqueredirect") { out = true; up = false; tell(); return; }
  if (answer.status === 423) { lock(); return; }
  if (!answer.ok) return;
  const fresh = await answer.text();
  const seen = fresh.replace(/csrfmiddlewaretoken" value="[^"]*"/g, "");
  if (panel.lastSeen === seen || typing(panel)) return;
  panel.lastSeen = seen;
  const at = panel.contains(document.activeElement) ? document.activeElement : null;
  const focused = at?.id ? `#${CSS.escape(at.id)}` : at?.hasAttribute("formaction") ? `[formaction="${at.getAttribute("formaction")}"]` : null;
  const opened = new Set([...panel.querySelectorAll("details")].map((one, n) => one.open && named(one, n)));
  const bottom = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 40;
  panel.innerHTML = fresh;
  [...panel.querySelectorAll("details")].forEach((one, n) => { one.open = opened.has(named(one, n)); });
  if (focused) panel.querySelector(focused)?.focus();
  if ("stick" in panel.dataset && bottom) panel.scrollTop = panel.scrollHeight;
  tick();
}

function refreshAll() {
  clearTimeout(due);
  due = 0;
  return Promise.allSettled(panels.map(refresh));
}

function soon() {
  if (!due) due = setTimeout(refreshAll, 80);
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  socket.onopen = () => { up = true; tries = 0; tell(); refreshAll(); };
  socket.onmessage = (event) => { if (JSON.parse(event.data).about !== "pong") soon(); };
  socket.onclose = (event) => {
    up = false;
    if (event.code === 4401) out = true;
    tell();
    if (!out) setTimeout(connect, Math.min(500 * 2 ** tries++, 10000));
  };
}

function span(seconds) {
  const s = Math.abs(seconds);
  if (s < 90) return `${Math.round(s)} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
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
  setInterval(() => { if (up && socket.readyState === 1) socket.send("ping"); }, 20000);
  for (const event of ["focus", "online", "pageshow"]) addEventListener(event, soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
}
tick();
setInterval(tick, 1000);
