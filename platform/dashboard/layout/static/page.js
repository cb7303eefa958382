// What every page does: the menu of a narrow screen, dialogs that ask before something is done, and
// copying. Without script the menu stays open and a dialog's button leads to a page that asks.
document.documentElement.classList.add("with-script");

const menuButton = document.querySelector("[data-menu]");
const side = document.getElementById("side");

const showMenu = (open) => {
  side.classList.toggle("open", open);
  menuButton.setAttribute("aria-expanded", String(open));
};

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !side?.classList.contains("open")) return;
  showMenu(false);
  menuButton.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-menu]")) showMenu(!side.classList.contains("open"));
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog").close();
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    const text = document.getElementById(copier.dataset.copy).textContent.trim();
    navigator.clipboard.writeText(text).then(() => { copier.textContent = "Copied"; });
  }
});

// A form says in which company its page was opened: another tab may have gone on to another one.
document.addEventListener("formdata", (event) => {
  const company = document.body.dataset.company;
  if (company) event.formData.set("company", company);
});

// Whoever sent a form that was refused is led to what is wrong with it.
document.querySelector("[data-summary]")?.focus();
