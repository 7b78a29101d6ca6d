// The server's time: what is late is late by its clock, whatever this machine's says.
const mark = document.documentElement.dataset;
const came = performance.getEntriesByType("navigation")[0]?.responseStart || 0;
// Server time at which performance.now() was 0. Read again at each answer, since a machine that sleeps stops counting.
let base = mark.now ? Date.parse(mark.now) - came : Date.now() - performance.now();

export const now = () => base + performance.now();

// `took`: how long the question and its answer were on the line, in ms.
export function learn(server, took = 0) {
  if (server) base = server + took / 2 - performance.now();
}

export const clock = (at, shape = {}) =>
  new Date(at).toLocaleTimeString([], { hour12: false, timeZone: mark.zone || undefined, ...shape });
