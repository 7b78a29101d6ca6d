// What a hint's codes say is painted at once; whom it is about follows with the next fetch.
const place = document.querySelector("[data-paints]");
const made = document.getElementById("painted");
const reasons = JSON.parse(document.getElementById("reasons")?.textContent || "{}");
const SHAPES = { late: "▲", soon: "●", waiting: "○" }, SOON = 120000;  // as console/queries.py has them

function row(shows) {
  const li = made.content.firstElementChild.cloneNode(true);
  const left = Date.parse(shows.due) - Date.now();
  const standing = left <= 0 ? "late" : left <= SOON ? "soon" : "waiting";
  const word = { late: li.dataset.wordLate, soon: li.dataset.wordSoon, waiting: li.dataset.wordWaiting };
  li.id = `need-${shows.need}`;
  li.classList.add(standing);
  li.querySelector("[aria-hidden]").textContent = SHAPES[standing];
  li.querySelector("strong").textContent = word[standing];
  li.querySelector("time").dateTime = shows.due;
  li.querySelector(".what span").textContent = reasons[shows.reason] || "";
  li.querySelector("em").hidden = !shows.promise;
  return li;
}

function rows() {
  let list = place.querySelector("ul.rows");
  if (!list) {
    list = document.createElement("ul");
    list.className = "rows";
    place.replaceChildren(list);
  }
  return list;
}

// The one due next on top.
function put(li) {
  const due = (one) => Date.parse(one.querySelector("time").dateTime);
  const list = rows();
  list.insertBefore(li, [...list.children].find((one) => due(one) > due(li)) || null);
}

export function paint(shows) {
  if (!place || !shows?.need) return;
  const there = document.getElementById(`need-${shows.need}`);
  if (shows.state === "open" && !there) put(row(shows));
  else if (shows.state === "open") {
    there.querySelector("time").dateTime = shows.due;
    put(there);
  } else if (shows.state === "closed") there?.remove();
  else if (there) {
    there.querySelector(".painted")?.remove();
    if (shows.state === "taken") {
      const tag = document.getElementById("taken").content.firstElementChild.cloneNode(true);
      tag.classList.add("painted");
      (there.querySelector(".who") || there.lastElementChild).append(tag);
    }
  }
  place.lastSeen = undefined;  // so that the next fetch replaces what was painted
}
