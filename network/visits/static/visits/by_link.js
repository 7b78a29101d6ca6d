// A page that a link opens. The token lives in the page's memory only, and leaves it by POST only.
export const place = document.getElementById("answer");
export const token = location.hash.slice(1);

export function say(sentence) {
  const line = document.createElement("p");
  line.className = "message error";
  line.textContent = sentence;
  place.replaceChildren(line);
}

// The answer and its words, or null, with the trouble said.
export async function send(form, fields = {}) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries({ token, ...fields })) body.set(name, value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, cache: "no-store" });
    return { status: answer.status, shown: await answer.text() };
  } catch {
    say(place.dataset.trouble);
    return null;
  }
}

export function needsToken(form) {
  if (token) return;
  say(place.dataset.nolink);
  form.hidden = true;
}
