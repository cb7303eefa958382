/* Rows that are added and removed, how long a greeting is, and what is not saved yet. */
const CHARACTERS_PER_SECOND = 15; // as the lint reckons

for (const rows of document.querySelectorAll("[data-rows]")) {
  const add = rows.parentElement.querySelector("[data-add]");
  add?.addEventListener("click", () => {
    const row = rows.lastElementChild.cloneNode(true);
    row.removeAttribute("id");
    row.classList.remove("wrong-row");
    for (const input of row.querySelectorAll("input, select")) {
      if (input.matches("input")) input.value = "";
      else input.selectedIndex = 0;
      input.setAttribute("aria-label", (input.getAttribute("aria-label") ?? "").replace(/\d+$/, rows.children.length + 1));
    }
    rows.append(row);
    row.querySelector("input").focus();
  });
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    const row = button.closest(".row");
    if (rows.children.length > 1) {
      (row.nextElementSibling ?? row.previousElementSibling).querySelector("input").focus();
      row.remove();
    } else {
      for (const input of row.querySelectorAll("input")) input.value = "";
    }
    rows.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

for (const field of document.querySelectorAll("[data-spoken], [data-count]")) {
  const counter = document.createElement("span");
  counter.className = "counted soft small number";
  document.querySelector(`label[for="${field.id}"]`)?.append(counter);
  const count = () => {
    const letters = field.value.length;
    const speed = Number(document.getElementById("id_speed")?.value) || 1;
    const seconds = Math.round(letters / CHARACTERS_PER_SECOND / speed);
    counter.textContent = "spoken" in field.dataset ? `about ${seconds} s` : `${letters} of ${field.maxLength}`;
  };
  field.addEventListener("input", count);
  count();
}

const form = document.getElementById("editor");
const unsaved = form?.querySelector("[data-unsaved]");
if (unsaved) {
  let changed = false;
  form.addEventListener("input", () => {
    changed = true;
    unsaved.hidden = false;
  });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
