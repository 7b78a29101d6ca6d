// Keeps the page for when there is no line, and what that page is made of; never a page with people on it.
const SHELL = `shell-${VERSION}`;
const FILES = [
  "/offline",
  "/static/console/tokens.css",
  "/static/console/base.css",
  "/static/console/frame.css",
  "/static/console/parts.css",
  "/static/console/board.css",
  "/static/console/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "/static/console/offline.js",
  "/static/console/icon.svg",
  "/static/console/icons.svg",
];
const APART = ["/visit", "/phones", "/carrier"]; // not the console's

async function fill() {
  const shell = await caches.open(SHELL);
  await shell.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
  await self.skipWaiting();
}

async function begin() {
  for (const name of await caches.keys())
    if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function kept(path) {
  return (await caches.match(path, { ignoreVary: true })) || Response.error();
}

// The browser's own request, asked ahead: it says of itself that a person opens a page, which the server must know.
async function page(event, path) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return APART.some((prefix) => path.startsWith(prefix)) ? Response.error() : kept("/offline");
  }
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("fetch", (event) => {
  const { request } = event,
    url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (FILES.includes(url.pathname)) event.respondWith(fetch(request).catch(() => kept(url.pathname)));
});
