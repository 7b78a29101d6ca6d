// The private page. The token lives in this page's memory only, and leaves it by POST only.
const form = document.getElementById("private"), fields = document.getElementById("fields");
const place = document.getElementById("answer"), button = form.querySelector("button");
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

function say(sentence) {
  const line = document.createElement("p");
  line.className = "message error";
  line.textContent = sentence;
  place.replaceChildren(line);
}

async function ask() {
  const body = new FormData(form);
  body.set("token", token);
  try {
    const answer = await fetch(form.action, { method: "POST", body, cache: "no-store" });
    const shown = await answer.text();
    place.replaceChildren();
    if (answer.status === 200 && form.querySelector("[name=keep]") || answer.status === 410) {
      fields.replaceChildren();
      form.hidden = true;
      place.innerHTML = shown;
      place.querySelector("h2")?.focus();
    } else if (answer.status === 200 || answer.status === 422) {
      fields.innerHTML = shown;
      button.textContent = button.dataset.then;
      (fields.querySelector("[aria-invalid]") ?? fields.querySelector("input:not([type=hidden])"))?.focus();
    } else say(place.dataset.trouble);
  } catch {
    say(place.dataset.trouble);
  }
}

if (!token) { say(place.dataset.nolink); form.hidden = true; }
form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
