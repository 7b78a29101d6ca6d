// The field in which a coordinator writes: kept on the server as it is written, counted, and shown to the others.
import { now } from "./clock.js";

const form = document.querySelector("form.composer[data-draft]");
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "^{}\\[~]|€";
const KEEP_AFTER = 800,
  HERE_EVERY = 20000,
  WRITING_FOR = 10000;

// The same as network/messaging/segments.py: 160 or 153 of GSM-7, 70 or 67 of UCS-2.
export function count(text) {
  const signs = [...text],
    basic = signs.every((sign) => BASIC.includes(sign) || EXTENDED.includes(sign));
  const sizes = signs.map((sign) => (basic ? (EXTENDED.includes(sign) ? 2 : 1) : sign.length));
  const [alone, joined] = basic ? [160, 153] : [70, 67];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= alone) return { parts: 1, left: alone - total };
  let parts = 1,
    room = joined;
  for (const size of sizes) {
    if (size > room) {
      parts += 1;
      room = joined;
    }
    room -= size;
  }
  return { parts, left: room };
}

if (form) {
  const field = form.elements.words,
    parts = form.querySelector("[data-parts]"),
    kept = form.querySelector("[data-kept]");
  const token = form.elements.csrfmiddlewaretoken.value;
  const unsent = form.querySelector("[data-unsent]"),
    sure = form.querySelector("[data-sure]");
  const isCut = () => "offline" in document.documentElement.dataset;
  let waits = false; // written while nothing could be sent: asked about before it is
  let due = 0,
    wrote = 0,
    begun = field.value !== "";

  const post = (url, values) =>
    fetch(url, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token, ...values }) });
  const here = () => {
    if (!document.hidden)
      post(form.dataset.here, Date.now() - wrote < WRITING_FOR ? { writing: 1 } : {}).catch(() => {});
  };

  function show() {
    const { parts: n, left } = count(field.value);
    const words = parts.dataset;
    parts.textContent = `${n === 1 ? words.wordOne : words.wordMore.replace("{n}", n)} · ${words.wordLeft.replace("{n}", left)}`;
  }

  async function keep() {
    due = 0;
    try {
      const answer = await post(form.dataset.draft, { words: field.value });
      kept.textContent = answer.ok ? kept.dataset.wordKept : kept.dataset.wordLost;
    } catch {
      kept.textContent = kept.dataset.wordLost;
    }
  }

  function tellUnsent() {
    unsent.hidden = !waits;
    unsent.querySelector("[data-while-out]").hidden = !isCut();
    unsent.querySelector("[data-when-back]").hidden = isCut();
  }

  form.addEventListener("submit", (event) => {
    waits ||= isCut();
    if (!waits || (event.submitter === sure && !isCut())) return;
    event.preventDefault();
    event.stopPropagation();
    tellUnsent();
    if (!isCut()) sure.focus();
  });
  // The server has not got these words yet: leaving the page would lose them.
  addEventListener("beforeunload", (event) => {
    if (waits && isCut()) event.preventDefault();
  });
  addEventListener("reach", () => {
    tellUnsent();
    if (waits && !isCut()) keep();
  });

  field.addEventListener("input", () => {
    // The answer is to what stood there when it was begun: whatever comes later is told before it is sent.
    if (!begun)
      form.elements.seen.value =
        document.querySelector("[data-seen]")?.dataset.seen || form.elements.seen.value;
    begun = field.value !== "";
    waits = begun && (waits || isCut());
    tellUnsent();
    const first = Date.now() - wrote >= WRITING_FOR;
    wrote = Date.now();
    if (first) here();
    show();
    kept.textContent = "";
    clearTimeout(due);
    due = setTimeout(keep, KEEP_AFTER);
  });
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => {
      field.value = field.value ? `${field.value.trimEnd()} ${button.dataset.insert}` : button.dataset.insert;
      field.dispatchEvent(new Event("input"));
      button.closest("[popover]")?.hidePopover?.();
      field.focus();
    });
  }
  addEventListener("pagehide", () => {
    if (due)
      navigator.sendBeacon(
        form.dataset.draft,
        new URLSearchParams({ csrfmiddlewaretoken: token, words: field.value }),
      );
  });
  document.addEventListener("visibilitychange", here);
  setInterval(here, HERE_EVERY);
  here();
  show();
}

// Where the field is folded, the page is read all the same.
const folded = document.querySelector("[data-here-only]");
if (folded) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const here = () => {
    if (!document.hidden)
      fetch(folded.dataset.hereOnly, {
        method: "POST",
        body: new URLSearchParams({ csrfmiddlewaretoken: token }),
      }).catch(() => {});
  };
  setInterval(here, HERE_EVERY);
  here();
}

// What is held may be taken back until it leaves; then the conversation is shown as it stands.
function endHolds() {
  for (const held of document.querySelectorAll("[data-held]")) {
    const left = Date.parse(held.dataset.held) - now();
    setTimeout(
      () => {
        held.hidden = true;
        dispatchEvent(new Event("focus"));
      },
      Math.max(0, left) + 1200,
    );
  }
}
document.addEventListener("fresh", endHolds);
endHolds();

// Whether they may be written to, as it was when the page was drawn and as it is: what is no longer so is taken away.
const writes = () => document.querySelector("[data-writes]")?.dataset.writes;
const drawn = writes();
function openOrShut() {
  const now = writes();
  if (!now) return;
  const same = now === drawn;
  const shut = document.querySelector("[data-shut]");
  if (shut) shut.hidden = same;
  if (form) form.hidden = !same;
  if (!same) document.getElementById("promise")?.hidePopover?.();
}
document.addEventListener("fresh", openOrShut);
