// The private page, which sets a PIN or a word: its address keeps no token once it is open.
import { needsToken, place, say, send } from "../visits/by_link.js";

const form = document.getElementById("private"),
  fields = document.getElementById("fields");
const button = form.querySelector("button");
history.replaceState(null, "", location.pathname);

async function ask() {
  const answer = await send(form);
  if (!answer) return;
  place.replaceChildren();
  if ((answer.status === 200 && form.querySelector("[name=keep]")) || answer.status === 410) {
    fields.replaceChildren();
    form.hidden = true;
    place.innerHTML = answer.shown;
    place.querySelector("h2")?.focus();
  } else if (answer.status === 200 || answer.status === 422) {
    fields.innerHTML = answer.shown;
    button.textContent = button.dataset.then;
    (fields.querySelector("[aria-invalid]") ?? fields.querySelector("input:not([type=hidden])"))?.focus();
  } else say(place.dataset.trouble);
}

needsToken(form);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
