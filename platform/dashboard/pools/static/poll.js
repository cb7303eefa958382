// Fetches a part of the page anew every few seconds, where nobody announces changes.
// What was unfolded stays so.
const part = document.querySelector("[data-poll-every]");

if (part) {
  const refresh = async () => {
    const answer = await fetch(part.dataset.pollFragment, { headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) return;
    const open = [...part.querySelectorAll("details")].map((details) => details.open);
    part.innerHTML = await answer.text();
    part.querySelectorAll("details").forEach((details, index) => {
      details.open = open[index] ?? false;
    });
  };
  setInterval(() => {
    if (!document.hidden) refresh().catch(() => {}); // the next turn asks again
  }, 1000 * part.dataset.pollEvery);
}
