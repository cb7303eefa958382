// Passkeys need a secure page with a name: elsewhere their buttons say so. What goes wrong in the
// browser's own dialog is told beside the button.
const problem = document.querySelector("[data-passkey-problem]");

function tell(sentence) {
  if (!problem) return;
  problem.textContent = sentence;
  problem.hidden = false;
}

const numbered = /^(\d+\.){3}\d+$|^\[/.test(location.hostname);
if (!window.PublicKeyCredential || numbered) {
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = true;
  const here = `${location.protocol}//localhost:${location.port}${location.pathname}`;
  if (document.querySelector("[data-passkey-needed]")) {
    tell(numbered ? `Passkeys need a name: open ${here}.` : "This browser has no passkeys.");
  }
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  tell("No passkey was used. Try again, or choose another way.");
});
