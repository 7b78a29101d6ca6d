// The responder's page. Token and PIN live in this page's memory only, and leave it by POST only.
const form = document.getElementById("pin");
const place = document.getElementById("answer");
const token = location.hash.slice(1);
let pin = "";

function say(sentence) {
  const line = document.createElement("p");
  line.className = "message error";
  line.textContent = sentence;
  place.replaceChildren(line);
}

async function ask(step) {
  const body = new FormData(form);
  body.set("token", token);
  body.set("pin", pin);
  if (step) body.set("step", step);
  try {
    const answer = await fetch(form.action, { method: "POST", body, cache: "no-store" });
    place.innerHTML = await answer.text();
    form.hidden = Boolean(place.querySelector("[data-shown], [data-ended]"));
    place.querySelector("h2")?.focus();
  } catch {
    say(place.dataset.trouble);
  }
}

if (!token) { say(place.dataset.nolink); form.hidden = true; }

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pin = form.pin.value.trim();
  form.pin.value = "";
  ask();
});

place.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  if (button.dataset.sure && !confirm(button.dataset.sure)) return;
  button.disabled = true;
  ask(button.dataset.step);
});

addEventListener("pageshow", (event) => { if (event.persisted) { place.replaceChildren(); form.hidden = !token; } });
