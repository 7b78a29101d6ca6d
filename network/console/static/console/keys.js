// Single keys: only while no field is in use and no modifier is held, and never for what can't be taken back.
// Which keys there are, and whether they are on, stands in the page's own list of them.
const list = document.getElementById("keys");
const open = document.querySelector("[data-open-keys]");
const rows = () => [...document.querySelectorAll("[data-need]")].filter((row) => row.offsetParent);
const current = () => document.activeElement?.closest?.("[data-need]") || null;
const FIELDS = "input, textarea, select, audio, video, [contenteditable]";

function step(by) {
  const all = rows(),
    at = all.indexOf(current());
  const row = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

// What is current, else what rings, else the first that nobody has taken.
function claim() {
  const row = current();
  const button = row
    ? row.querySelector("[data-claim]")
    : document.querySelector("[data-ringing] form button") || document.querySelector("[data-claim]");
  button?.click();
}

function go(tab) {
  document.querySelector(`.tabs [href$="tab=${tab}"]`)?.click();
}

// What is taken back, or only leads somewhere: a key starts no search and sends nothing.
const does = {
  find: () => {
    // On a phone the strip has no room for it: the page of its own does.
    const field = [...document.querySelectorAll("#find, #q")].find((input) => input.offsetParent);
    field?.focus();
    field?.select();
  },
  help: () => list.showModal(),
  next: () => step(1),
  previous: () => step(-1),
  open: () => current()?.querySelector("a")?.click(),
  take: () => document.querySelector(".take-next button, .next-do a")?.click(),
  talk: () => go("talk"),
  people: () => go("people"),
  history: () => go("history"),
  undo: () => document.querySelector("[data-held] button")?.click(),
  claim,
  reply: () => document.getElementById("words")?.focus(),
  board: () => document.querySelector(".home").click(),
};
const meant = new Map(
  [...(list?.querySelectorAll("[data-does]") || [])].flatMap((row) =>
    row.dataset.signs.split(" ").map((sign) => [sign, row.dataset.does]),
  ),
);

function isAnswered(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey)
    return true;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return true;
  if (document.getElementById("locked")?.hidden === false) return true;
  // Enter on a button or a link is that button's own.
  return event.key === "Enter" && !event.target.matches?.("[data-need]");
}

if (list) {
  open.closest("[hidden]")?.removeAttribute("hidden");
  open.addEventListener("click", () => {
    open.closest("[popover]")?.hidePopover?.();
    list.showModal();
  });
  if (list.dataset.keys === "on") {
    document.addEventListener("keydown", (event) => {
      const doing = meant.get(event.key);
      if (!doing || isAnswered(event) || (event.repeat && doing !== "next" && doing !== "previous")) return;
      event.preventDefault();
      does[doing]();
    });
  }
}
