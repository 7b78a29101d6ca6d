// The responder's page. The PIN, too, lives in this page's memory only, and is asked for again after ten uses.
import { needsToken, place, send, token } from "./by_link.js";

const form = document.getElementById("pin");
const USES = 10;
let pin = "";
let left = 0;
let wanted = {};

async function ask(more = {}) {
  if (left === 0) {
    wanted = more;
    form.hidden = false;
    form.pin.focus();
    return;
  }
  const before = [...place.childNodes];
  const answer = await send(form, { pin, ...more });
  if (!answer) {
    keep(before);
    return;
  }
  left -= 1;
  place.innerHTML = answer.shown;
  form.hidden = Boolean(place.querySelector("[data-shown], [data-ended], [data-move]"));
  place.querySelector("h2")?.focus();
}

// On a bad line the address stays, below what went wrong, and each button can be pressed again.
function keep(before) {
  place.append(...before.filter((node) => !node.matches?.("p.message")));
  for (const button of place.querySelectorAll("button")) button.disabled = false;
}

needsToken(form);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  pin = form.pin.value.trim();
  form.pin.value = "";
  left = USES;
  ask(wanted);
  wanted = {};
});

place.addEventListener("click", (event) => {
  const here = event.target.closest("[data-move]");
  if (here) {
    here.disabled = true;
    ask({ move: "1" });
    return;
  }
  const button = event.target.closest("[data-step]");
  if (!button) return;
  if (button.dataset.sure && !confirm(button.dataset.sure)) return;
  button.disabled = true;
  ask({ step: button.dataset.step });
});

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    place.replaceChildren();
    form.hidden = !token;
  }
});
