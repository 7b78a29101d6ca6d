// The tabs of a request: plain links, which a script only makes faster.
import { came } from "./stay.js";

const main = document.getElementById("main");
const links = [...document.querySelectorAll(".tabs a")];
const named = (link) => new URL(link.href).searchParams.get("tab");

function show(tab) {
  main.classList.remove(...links.map((link) => `at-${named(link)}`));
  main.classList.add(`at-${tab}`);
  for (const link of links) {
    if (named(link) === tab) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// What leads to a part of another tab opens that tab first, then goes there.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='?tab=']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(named(link));
  history.replaceState(null, "", link.search);
  const part = link.hash && document.querySelector(link.hash);
  part?.scrollIntoView({ block: "nearest" });
  (part?.matches("textarea") ? part : null)?.focus();
});

// Back from a button: the tab on which it stood.
const before = came && links.find((link) => link.search === came.tab);
if (before && !before.hasAttribute("aria-current") && !location.search) {
  show(named(before));
  history.replaceState(null, "", before.search);
}
