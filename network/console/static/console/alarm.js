// The alarm: rings while the page's own list of what rings isn't empty, until somebody claims, on any console.
// live.js fetches that list at each hint; a looped sound needs no timer, so a hidden tab rings as well.
import { now as time } from "./clock.js";

const place = document.querySelector("div[data-alarm]");
const list = place?.querySelector("[data-panel]");
const blocked = place?.querySelector("[data-sound-blocked]");
const bell = document.querySelector("[data-bell]");
const mark = document.documentElement.dataset;
const title = document.title;
// Each sound: seconds until it repeats, and its notes as [start, length, hertz].
const SOUNDS = {
  duress: {
    every: 2,
    notes: [0, 0.3, 0.6, 0.9, 1.2].flatMap((at) => [
      [at, 0.14, 960],
      [at + 0.15, 0.14, 640],
    ]),
  },
  urgent: {
    every: 5,
    notes: [
      [0, 0.16, 660],
      [0.22, 0.16, 830],
      [0.44, 0.3, 990],
      [0.9, 0.16, 660],
      [1.12, 0.16, 830],
      [1.34, 0.3, 990],
    ],
  },
  soon: {
    every: 12,
    notes: [
      [0, 0.22, 590],
      [0.3, 0.4, 440],
    ],
  },
};
const HUSH = 120000;
let audio,
  hushed = 0,
  playing,
  urgency = "",
  notice;

function buffer(name, seconds) {
  const rate = audio.sampleRate;
  const made = audio.createBuffer(1, Math.ceil(rate * seconds), rate);
  const wave = made.getChannelData(0);
  for (const [at, long, hertz] of SOUNDS[name].notes) {
    for (let n = 0; n < rate * long; n++) {
      const edge = Math.min(1, n / (0.01 * rate), (rate * long - n) / (0.03 * rate));
      wave[Math.floor(at * rate) + n] +=
        0.5 *
        edge *
        (Math.sin((2 * Math.PI * hertz * n) / rate) + 0.3 * Math.sin((4 * Math.PI * hertz * n) / rate));
    }
  }
  return made;
}

function play(name, loop) {
  if (!audio) {
    audio = new AudioContext();
    audio.onstatechange = tell;
  }
  if (audio.state !== "running") audio.resume().catch(() => {});
  const source = audio.createBufferSource();
  source.buffer = buffer(name, loop ? SOUNDS[name].every : 2);
  source.loop = loop;
  source.connect(audio.destination);
  source.start();
  return source;
}

// What the strip says of this console's alarm.
function sayAlarm() {
  if (!bell) return;
  const rings = list?.querySelector("[data-ringing]");
  const blockedHere = audio && audio.state !== "running";
  const word =
    mark.line === "no"
      ? bell.dataset.wordOff
      : rings
        ? bell.dataset.wordRings
        : blockedHere
          ? bell.dataset.wordBlocked
          : bell.dataset.wordOn;
  const place = bell.querySelector("span");
  if (place.textContent !== word) place.textContent = word;
  bell.classList.toggle("rings", Boolean(rings) || mark.line === "no" || Boolean(blockedHere));
}

function tell() {
  sayAlarm();
  mark.alarm = urgency || "quiet";
  mark.alarmSound = audio ? audio.state : "unused";
  if (blocked) blocked.hidden = !urgency || audio.state === "running";
}

// What the list says; between two fetches, what waits becomes late by the clock.
function said() {
  const bar = list.querySelector("[data-ringing]");
  if (!bar) return "";
  return bar.dataset.ringing === "soon" && Date.parse(bar.dataset.due) <= time()
    ? "urgent"
    : bar.dataset.ringing;
}

// Quiet for two minutes on this console, for who is on a call: the bar and every other console go on.
function hush() {
  hushed = Date.now() + HUSH;
  look();
}

function look() {
  const now = Date.now() < hushed ? "" : said();
  const button = list.querySelector("[data-hush]");
  if (button) button.hidden = Date.now() < hushed;
  if (now === urgency) return;
  urgency = now;
  playing?.stop();
  playing = urgency ? play(urgency, true) : undefined;
  tell();
  notify();
  flash();
}

function notify() {
  notice?.close();
  notice = undefined;
  const wanted =
    urgency &&
    document.hidden &&
    wants() &&
    "Notification" in window &&
    Notification.permission === "granted";
  if (!wanted) return;
  try {
    notice = new Notification("Porchlight", {
      body: place.dataset.wordNotice,
      tag: "alarm",
      requireInteraction: true,
    });
    notice.onclick = () => window.focus();
  } catch {
    /* some phones allow these from a service worker only */
  }
}

function flash() {
  document.title = urgency && !document.title.startsWith("▲") ? `▲ ${title}` : title;
}

// A choice that can't be kept (a private window may have no storage) holds for this page.
let chosen = false;
function wants() {
  try {
    return localStorage.getItem("notices") === "yes";
  } catch {
    return chosen;
  }
}
function choose(yes) {
  chosen = yes;
  try {
    localStorage.setItem("notices", yes ? "yes" : "no");
  } catch {
    /* see above */
  }
}

if (list) {
  new MutationObserver(look).observe(list, { childList: true, subtree: true });
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-hush]")) hush();
  });
  setInterval(() => {
    look();
    sayAlarm();
    if (urgency) flash();
  }, 1000);
  for (const gesture of ["pointerdown", "keydown"])
    document.addEventListener(gesture, () => {
      if (audio?.state === "suspended") audio.resume();
    });
  blocked.querySelector("button").addEventListener("click", () => audio?.resume());
  tell();
}

for (const button of document.querySelectorAll("[data-play]"))
  button.addEventListener("click", () => {
    play(button.dataset.play, false);
    tell();
  });

// Starting a shift is the tap that lets this page sound: it plays the alarm, and asks whether it was heard.
const start = document.querySelector("form[data-start]");
start?.addEventListener("submit", async (event) => {
  event.preventDefault();
  play("urgent", false);
  tell();
  const answer = await fetch(start.action, {
    method: "POST",
    body: new FormData(start),
    headers: { "X-Panel": "1" },
  }).catch(() => null);
  if (!answer?.ok) return void start.submit();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector("[data-heard]:not([hidden])")) return void location.reload();
  // What the page says of this shift is of now; the question stays the one that is listened to.
  const question = document.querySelector("[data-heard]");
  fresh.querySelector("[data-heard]").replaceWith(question);
  for (const part of ["#mine", ".gaps", "#week"])
    document.querySelector(part)?.replaceWith(fresh.querySelector(part) ?? "");
  question.hidden = false;
  question.querySelector("button").focus();
});

const notices = document.querySelector("[data-notices]");
if (notices) {
  const show = () => {
    const on = wants() && "Notification" in window && Notification.permission === "granted";
    notices.dataset.on = String(on);
    notices.textContent = on ? notices.dataset.wordOn : notices.dataset.wordOff;
  };
  notices.addEventListener("click", async () => {
    if (!("Notification" in window)) return;
    choose(notices.dataset.on !== "true" && (await Notification.requestPermission()) === "granted");
    show();
  });
  show();
}
