// The responder's page. The PIN, too, lives in this page's memory only.
import { needsToken, place, send, token } from "./by_link.js";

const form = document.getElementById("pin");
let pin = "";

async function ask(step) {
  const answer = await send(form, step ? { pin, step } : { pin });
  if (!answer) return;
  place.innerHTML = answer.shown;
  form.hidden = Boolean(place.querySelector("[data-shown], [data-ended]"));
  place.querySelector("h2")?.focus();
}

needsToken(form);

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
