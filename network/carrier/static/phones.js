// The phones: one card a handset, kept up to date by asking what has changed since.
const board = document.getElementById("phones");
const template = document.getElementById("phone");
const trouble = document.getElementById("trouble");
const cards = new Map();
let since = 0;

const post = (path, body) =>
  fetch(`/phones/api/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });

function card(phone) {
  if (cards.has(phone.phone)) return cards.get(phone.phone);
  const made = template.content.firstElementChild.cloneNode(true);
  made.querySelector("h2").textContent = phone.name;
  made.querySelector(".who").textContent = [phone.role, phone.language, phone.phone].filter(Boolean).join(" · ");
  made.querySelector(".note").textContent = phone.note || "Any phone at all.";
  made.querySelector(".log").setAttribute("aria-label", `Texts of ${phone.name}`);
  made.querySelector(".call").setAttribute("aria-label", `Call from ${phone.name}`);
  const input = made.querySelector("input");
  input.setAttribute("aria-label", `Text as ${phone.name}`);
  input.placeholder = "Text message";
  made.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = input.value;
    if (!body) return;
    const answer = await post("texts", { phone: phone.phone, body }).catch(() => null);
    if (answer?.ok) input.value = "";
    trouble.hidden = Boolean(answer?.ok);
    look();
  });
  made.querySelector(".call").addEventListener("click", () => post("call", { phone: phone.phone }).then(look));
  board.append(made);
  const kept = { made, texts: new Map() };
  cards.set(phone.phone, kept);
  return kept;
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
  withLinks(item, text.body || "(empty)");
  const facts = document.createElement("small");
  const time = new Date(text.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const parts = text.segments > 1 ? ` · ${text.segments} parts` : "";
  facts.textContent = text.mine ? `${time}${parts}` : `${time}${parts} · ${text.status} ✓`;
  item.append(facts);
  if (fresh) {
    list.append(item);
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }
}

async function look() {
  try {
    const state = await (await fetch(`/phones/api/state?since=${since}`)).json();
    state.phones.forEach(card);
    state.texts.forEach(show);
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
