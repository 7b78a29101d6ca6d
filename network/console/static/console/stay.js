// A button leads back to the page that it stood on: to the same place of it, and to the same tab.
// A reload of what a press was answered with sends nothing again.
if ("posted" in document.documentElement.dataset) history.replaceState(null, "", location.href);

const NAME = "place",
  KEPT_FOR = 20000;
const panes = () => [...document.querySelectorAll("#main, .people-pane, .history-pane")];
const place = document.scrollingElement;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("main")) return;
  const tab = document.querySelector(".tabs a[aria-current][href^='?tab=']")?.search ?? "";
  const tops = panes().map((pane) => pane.scrollTop);
  const kept = { path: location.pathname, at: Date.now(), top: place.scrollTop, tops, tab };
  sessionStorage.setItem(NAME, JSON.stringify(kept));
});

function come() {
  const kept = JSON.parse(sessionStorage.getItem(NAME) || "null");
  sessionStorage.removeItem(NAME);
  const [opened] = performance.getEntriesByType("navigation");
  const back = kept?.path === location.pathname && Date.now() - kept.at < KEPT_FOR;
  return back && opened?.type === "navigate" ? kept : null;
}

// What a person came back from, for the tabs too (tabs.js).
export const came = come();

// What was said stands at the top, which may be out of sight: it floats until somebody goes on.
function float() {
  const notices = [...document.querySelectorAll("[data-said]")];
  const going = ["wheel", "touchmove", "keydown", "click"]; // not as a press begins: it would move its button away
  const rest = (event) => {
    if (event.target.closest?.(".notice.floats")) return; // its own button
    for (const notice of notices) notice.classList.remove("floats");
    for (const type of going) removeEventListener(type, rest);
  };
  for (const notice of notices) notice.classList.add("floats");
  setTimeout(() => {
    for (const type of going) addEventListener(type, rest, { passive: true });
  }, 1000);
}

function goBack() {
  place.scrollTop = came.top;
  for (const [n, pane] of panes().entries()) pane.scrollTop = came.tops[n] ?? 0;
  if (place.scrollTop > 0 || panes()[0].scrollTop > 0) float();
}

// Once all scripts have run, and the tab is shown; a browser goes to an address's part once more at the end.
if (came) {
  document.addEventListener("DOMContentLoaded", goBack);
  if (location.hash) addEventListener("load", goBack, { once: true });
}
