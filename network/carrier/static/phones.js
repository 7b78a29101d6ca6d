// The phones: one card a handset, kept up to date by asking what has changed since.
const STATE_WORDS = {
  on: "on",
  off: "off",
  blocked: "blocking us",
  unknown: "no longer in use",
  landline: "a landline",
  filtered: "behind a filter",
  lost: "losing texts",
  silent: "giving no receipts",
};
const ANSWER_WORDS = {
  rings: "it rings here",
  answers: "answers",
  machine: "a machine answers",
  busy: "is busy",
  hangs_up: "answers and hangs up",
  no_answer: "doesn't answer",
};
const CALL_WORDS = {
  "": "In a call",
  key: "In a call. It waits for a key.",
  answer: "It rings",
  talking: "In a call with another phone",
};
const FAULT_WORDS = {
  lost: "taken, answer lost",
  cut: "line cut before",
  error: "500",
  error_taken: "503, yet taken",
  slow_down: "429",
  hang: "no answer at all",
  receipts_lost: "receipts lost",
  receipts_doubled: "receipts twice",
  receipts_early: "receipts early",
  texts_doubled: "texts twice",
  texts_lost: "texts' webhooks lost",
};
const LOCKED_SHOWS = 90; // signs of a text that a locked screen shows
const board = document.getElementById("phones");
const template = document.getElementById("phone");
const trouble = document.getElementById("trouble");
const cards = new Map();
const inCall = new Set();
let since = 0;

const post = (path, body) =>
  fetch(`/phones/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

function card(phone) {
  if (cards.has(phone.phone)) return cards.get(phone.phone);
  const made = template.content.firstElementChild.cloneNode(true);
  made.querySelector("h2").textContent = phone.name;
  made.querySelector(".who").textContent = [phone.role, phone.language, phone.phone]
    .filter(Boolean)
    .join(" · ");
  made.querySelector(".note").textContent = phone.note || "Any phone at all.";
  made.querySelector(".log").setAttribute("aria-label", `Texts of ${phone.name}`);
  made.querySelector(".call").setAttribute("aria-label", `Call from ${phone.name}`);
  const input = made.querySelector("input");
  input.setAttribute("aria-label", `Text as ${phone.name}`);
  input.placeholder = "Text message";
  const form = made.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = input.value;
    const media = await asDataUrl(form.file.files[0]);
    if (!body && !media) return;
    const said = { phone: phone.phone, body, media, app: form.app.checked };
    const answer = await post("texts", said).catch(() => null);
    if (answer?.ok) {
      input.value = "";
      form.file.value = "";
    }
    trouble.hidden = Boolean(answer?.ok);
    look();
  });
  made
    .querySelector(".call")
    .addEventListener("click", () => post("call", { phone: phone.phone }).then(look));
  lineOf(made, phone);
  for (const [answers, words] of Object.entries(ANSWER_WORDS)) form.answers.add(new Option(words, answers));
  form.answers.addEventListener("change", () =>
    post("answers", { phone: phone.phone, answers: form.answers.value }),
  );
  for (const [state, words] of Object.entries(STATE_WORDS)) form.state.add(new Option(words, state));
  form.state.addEventListener("change", () =>
    post("switch", { phone: phone.phone, state: form.state.value }),
  );
  board.append(made);
  const kept = { made, texts: new Map() };
  cards.set(phone.phone, kept);
  return kept;
}

// What can be done in a call: answering one that rings, pressing keys, hanging up.
function lineOf(made, phone) {
  const tell = (path, more) => post(path, { phone: phone.phone, ...more }).then(look);
  for (const button of made.querySelectorAll(".answering button")) {
    button.addEventListener("click", () => tell("answer", { how: button.dataset.how }));
  }
  for (const digits of "123456789*0#") {
    const key = document.createElement("button");
    key.type = "button";
    key.textContent = digits;
    key.addEventListener("click", () => tell("keys", { digits }));
    made.querySelector(".pad").append(key);
  }
  made.querySelector(".hang-up").addEventListener("click", () => tell("hang-up"));
}

function lines(calls) {
  for (const [number, { made }] of cards) {
    const call = calls.find((live) => live.phone === number);
    made.querySelector(".line").hidden = !call;
    made.querySelector(".call").hidden = Boolean(call);
    if (made.classList.toggle("in-call", Boolean(call)) !== inCall.has(number)) {
      if (call) inCall.add(number);
      else inCall.delete(number);
      const log = made.querySelector(".log");
      log.scrollTop = log.scrollHeight; // the card has more or less room for it now
    }
    if (!call) continue;
    const words = made.querySelector(".line p");
    if (words.textContent !== CALL_WORDS[call.waits]) words.textContent = CALL_WORDS[call.waits];
    made.querySelector(".answering").hidden = call.waits !== "answer";
    made.querySelector(".pad").hidden = call.waits === "answer";
  }
}

function asDataUrl(file) {
  if (!file) return Promise.resolve("");
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => done("");
    reader.readAsDataURL(file);
  });
}

function withLinks(element, text) {
  element.replaceChildren();
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/\S+/g)) {
    element.append(text.slice(at, found.index));
    const link = document.createElement("a");
    link.href = link.textContent = found[0];
    link.target = "_blank";
    link.rel = "noreferrer";
    element.append(link);
    at = found.index + found[0].length;
  }
  element.append(text.slice(at));
}

function show(text) {
  const kept = cards.get(text.phone);
  if (!kept) return;
  const list = kept.made.querySelector(".texts");
  let item = kept.texts.get(text.id);
  const fresh = !item;
  if (fresh) {
    item = document.createElement("li");
    item.className = text.note ? "note-text" : text.mine ? "mine" : "";
    kept.texts.set(text.id, item);
  }
  item.classList.toggle("away", !text.arrived);
  withLinks(item, text.body || "(empty)");
  const facts = document.createElement("small");
  const time = new Date(text.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const parts = text.segments > 1 ? ` · ${text.segments} parts` : "";
  const app = text.app ? " · WhatsApp" : "";
  const end = text.error ? `${text.status} (${text.error})` : `${text.status}${text.arrived ? " ✓" : ""}`;
  facts.textContent = text.mine || text.note ? `${time}${parts}${app}` : `${time}${parts}${app} · ${end}`;
  item.append(facts);
  if (fresh) {
    list.append(item);
    if (!text.mine) lockScreen(kept.made, text, time);
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }
}

// A locked phone shows the newest texts first, and of each only its beginning.
function lockScreen(made, text, time) {
  const notices = made.querySelector(".lock ol");
  const notice = document.createElement("li");
  const body = text.body.length > LOCKED_SHOWS ? `${text.body.slice(0, LOCKED_SHOWS)}…` : text.body;
  notice.textContent = body;
  notices.prepend(notice);
  while (notices.children.length > 4) notices.lastElementChild.remove();
  made.querySelector(".lock .time").textContent = time;
}

document.getElementById("locked").addEventListener("change", (event) => {
  document.body.classList.toggle("locked", event.target.checked);
  document.querySelectorAll(".lock").forEach((lock) => {
    lock.hidden = !event.target.checked;
  });
});

const faults = document.getElementById("faults");
for (const [name, words] of Object.entries(FAULT_WORDS)) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { name, type: "number", min: 0, max: 1, step: 0.05, value: 0 });
  input.addEventListener("change", () => post("faults", { [name]: Number(input.value) }));
  label.append(input, ` ${words}`);
  faults.append(label);
}
document.getElementById("clock").addEventListener("submit", async (event) => {
  event.preventDefault();
  await post("clock", { advance: 60 * Number(event.target.minutes.value) });
  look();
});

function weather(state) {
  const on = Object.keys(FAULT_WORDS).filter((name) => state.faults[name] > 0);
  document.getElementById("forecast").textContent = on.length
    ? `· ${on.map((n) => FAULT_WORDS[n]).join(", ")}`
    : "· fine";
  for (const name of Object.keys(FAULT_WORDS)) {
    if (document.activeElement !== faults.elements[name]) faults.elements[name].value = state.faults[name];
  }
  document.getElementById("carrier-now").textContent = new Date(state.now).toLocaleString();
  const queue =
    state.queue_s > 1 ? `${Math.ceil(state.queue_s)} s of texts wait for the sender's turn. ` : "";
  const wrong = state.problems.map((one) => one.code).join(", ");
  document.getElementById("problems").textContent =
    queue + (wrong ? `Last problems with your webhooks: ${wrong}` : "");
  for (const phone of state.phones) {
    const form = cards.get(phone.phone)?.made.querySelector("form");
    for (const name of ["state", "answers"]) {
      if (form && document.activeElement !== form[name]) form[name].value = phone[name];
    }
  }
}

async function look() {
  try {
    const state = await (await fetch(`/phones/api/state?since=${since}`)).json();
    state.phones.forEach(card);
    state.texts.forEach(show);
    lines(state.calls);
    weather(state);
    since = state.change;
    trouble.hidden = true;
  } catch {
    trouble.hidden = false;
  }
}

document.getElementById("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  await post("phones", { phone: form.phone.value, name: form.phone.value });
  form.reset();
  look();
});

await look();
setInterval(look, 600);
