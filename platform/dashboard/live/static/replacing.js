// Puts new content in place of a part of the page, so that whoever is in it loses nothing: focus stays at
// the same link, what was unfolded stays so, and what is new is told to readers of screens, once.

const placeOf = (element, part) => {
  if (!element || !part.contains(element)) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const link = element.getAttribute("href");
  if (link) return `a[href="${CSS.escape(link)}"]`;
  const all = [...part.querySelectorAll(element.localName)];
  return { name: element.localName, at: all.indexOf(element) };
};

const found = (place, part) =>
  typeof place === "string" ? part.querySelector(place) : part.querySelectorAll(place.name)[place.at];

// One for the page, outside of what is replaced: a region that is new is not read out.
const teller = document.createElement("p");
teller.className = "visually-hidden";
teller.setAttribute("role", "status");
document.getElementById("content").append(teller);
let told = null;

const tell = (part) => {
  const newest = part.querySelector("[data-announce]");
  const words = (newest?.dataset.announce || newest?.textContent || "").replace(/\s+/g, " ").trim();
  // What stood there when the page was opened is read with the page.
  if (told !== null && words !== told) teller.textContent = words;
  told = words;
};

export const replace = (part, html) => {
  if (told === null) tell(part);
  const focused = placeOf(document.activeElement, part);
  const folded = [...part.querySelectorAll("details")].map((details) => details.open);
  part.innerHTML = html;
  part.querySelectorAll("details").forEach((details, at) => { details.open = folded[at] ?? details.open; });
  if (focused) found(focused, part)?.focus({ preventScroll: true });
  tell(part);
};
