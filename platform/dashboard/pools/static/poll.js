// Fetches a part of the page anew every few seconds, where nobody announces changes.
import { replace } from "../live/replacing.js";

const part = document.querySelector("[data-poll-every]");

if (part) {
  const refresh = async () => {
    const answer = await fetch(part.dataset.pollFragment, { headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) return;
    replace(part, await answer.text());
  };
  setInterval(() => {
    if (!document.hidden) refresh().catch(() => {}); // the next turn asks again
  }, 1000 * part.dataset.pollEvery);
}
