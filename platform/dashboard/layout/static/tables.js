// What is wider than its place: on a telephone a table's rows stand one below the other, each cell beside
// its column's name; what still has to be scrolled can be scrolled by the keyboard. Without script a table
// is scrolled sideways by hand.
const SCROLLERS = ".scroll, pre, .code, .tabs, .quick";

// A table of two columns fits a telephone, and a matrix is read in both directions.
const stacks = (table) => table.tHead?.rows[0]?.cells.length > 2 && !table.matches(".matrix, .matrix *");

const stack = (table) => {
  const names = [...table.tHead.rows[0].cells].map((cell) => (cell.querySelector(".visually-hidden") ? "" : cell.textContent.trim()));
  table.classList.add("stacks");
  // A table that is laid out as blocks is no table to all readers of screens: these say that it is one.
  table.setAttribute("role", "table");
  for (const part of [table.tHead, ...table.tBodies]) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, column) => {
      const heads = cell.tagName === "TH";
      cell.setAttribute("role", heads ? (cell.scope === "row" ? "rowheader" : "columnheader") : "cell");
      if (!heads) cell.dataset.column = names[column] ?? "";
      if (!heads && !cell.textContent.trim() && !cell.childElementCount) cell.classList.add("blank");
    });
  }
};

const reach = (scroller) => {
  if (scroller.scrollWidth > scroller.clientWidth || scroller.scrollHeight > scroller.clientHeight) {
    scroller.tabIndex = 0;
  } else {
    scroller.removeAttribute("tabindex");
  }
};

const resized = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));

const arrange = () => {
  document.querySelectorAll("main table:not(.stacks)").forEach((table) => stacks(table) && stack(table));
  // What the page itself lets be reached stays so.
  document.querySelectorAll(SCROLLERS).forEach((scroller) => {
    if (!scroller.hasAttribute("tabindex")) resized.observe(scroller);
  });
};

// Parts of the page are fetched anew while it is open.
new MutationObserver(arrange).observe(document.getElementById("content"), { childList: true, subtree: true });
arrange();
