// What a hint's codes say is painted at once; whom it is about follows with the next fetch.
// One row a request, else a person, as everywhere: the worst first, then what is due next.
const place = document.querySelector("[data-paints]");
const made = document.getElementById("painted");
const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");
const reasons = read("reasons"),
  severities = read("severities");
const STANDINGS = ["duress", "late", "due", "wait"]; // as console/shell/reads/needs.py has them

function fill(li, shows) {
  const [, word] = severities[shows.severity] || ["", ""];
  li.id = `need-${shows.need}`;
  li.classList.remove(...STANDINGS);
  li.classList.add(STANDINGS[shows.severity]);
  li.dataset.severity = shows.severity;
  li.dataset.subject = shows.subject;
  const sign = li.querySelector(".urgency use");
  sign.setAttribute("href", sign.getAttribute("href").replace(/#.*/, `#s-${STANDINGS[shows.severity]}`));
  li.querySelector(".urgency strong").textContent = word;
  li.querySelector(".urgency strong").dataset.word = word;
  li.querySelector("time").dateTime = shows.due;
  li.querySelector(".need-what").firstElementChild.textContent = reasons[shows.reason] || "";
  return li;
}

function row(shows) {
  const li = fill(made.content.firstElementChild.cloneNode(true), shows);
  li.querySelector("em").hidden = !shows.promise;
  return li;
}

function rows() {
  let list = place.querySelector("ol.needs");
  if (!list) {
    list = document.createElement("ol");
    list.className = "needs";
    place.querySelector(".calm, .panel-empty")?.remove();
    place.append(list);
  }
  return list;
}

const due = (row) => Date.parse(row.querySelector("time").dateTime);
const comesAfter = (row, other) =>
  Number(row.dataset.severity) - Number(other.dataset.severity) || due(row) - due(other);

function put(li) {
  const list = rows();
  list.insertBefore(li, [...list.children].find((item) => item !== li && comesAfter(item, li) > 0) || null);
}

// The row of the same request gets what is new, where that is worse.
function join(there, shows) {
  const worse = shows.severity - Number(there.dataset.severity) || Date.parse(shows.due) - due(there);
  if (worse < 0) {
    fill(there, shows);
    put(there);
  }
}

export function paint(shows) {
  if (!place || !shows?.need) return;
  const there = document.getElementById(`need-${shows.need}`);
  const same = shows.subject && place.querySelector(`[data-subject="${CSS.escape(shows.subject)}"]`);
  if (shows.state === "open" && there) {
    fill(there, shows);
    put(there);
  } else if (shows.state === "open" && same) join(same, shows);
  else if (shows.state === "open") put(row(shows));
  else if (shows.state === "closed") {
    if (there && !there.querySelector("[data-others]")) there.remove();
  } else if (there || same) {
    const row = there || same;
    row.querySelector(".painted")?.remove();
    if (shows.state === "taken") {
      const tag = document.getElementById("taken").content.firstElementChild.cloneNode(true);
      tag.classList.add("painted");
      (row.querySelector(".need-who") || row.lastElementChild).append(tag);
    }
  }
  place.lastSeen = undefined; // so that the next fetch replaces what was painted
}
