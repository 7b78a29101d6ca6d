// The page for when there is no line: what was kept when the console last heard, with its age.
const LAST = "last", PLACE = "/last", AGAIN = 15000;
const since = document.querySelector("[data-since]"), list = document.querySelector("[data-needs]"), many = document.querySelector("[data-many]");
const said = new Map([...document.querySelectorAll("[data-code]")].map((one) => [one.dataset.code, one.textContent]));
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

async function read() {
  const kept = await caches.match(PLACE, { cacheName: LAST });
  const state = kept && await kept.json();
  if (!state || Date.now() <= Date.parse(state.until)) return state;
  await caches.delete(LAST);  // the desk would have locked by now
}

function line({ number, reason, due }) {
  const row = document.createElement("li");
  const late = Date.parse(due) <= Date.now();
  row.className = late ? "row late" : "row";
  row.textContent = `${late ? "▲" : "○"} ${late ? list.dataset.wordLate : list.dataset.wordDue} ${clock(due)} · ${number ? `#${number} · ` : ""}${said.get(reason) || reason}`;
  return row;
}

async function show() {
  const state = await read();
  many.hidden = !state;
  if (!state) { since.textContent = since.dataset.nothing; list.replaceChildren(); return; }
  since.textContent = since.dataset.words.replace("{at}", clock(state.heard)).replace("{n}", Math.round((Date.now() - state.heard) / 60000));
  many.textContent = many.dataset.words.replace("{n}", state.needs.length + state.more);
  list.replaceChildren(...state.needs.map(line));
}

async function back() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
addEventListener("online", back);
setInterval(back, AGAIN);
setInterval(show, 20000);
show();
