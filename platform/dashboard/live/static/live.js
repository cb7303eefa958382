// Keeps a part of the page current while calls run: the server says that something happened,
// and the page fetches that part anew. The server renders it once, in one place.
import { replace } from "./replacing.js";

const part = document.querySelector("[data-live-socket]");
if (part) follow(part);

export function follow(part) {
  const FETCH_EVERY_MS = 200; // a turn is a burst of a dozen events: one fetch serves them all
  const RETRY_MAX_MS = 15000;
  let retryMs = 500;
  let pending = null;
  let stale = false;

  const refresh = async () => {
    stale = false;
    if (!part.isConnected) return;
    const answer = await fetch(part.dataset.liveFragment, { headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) return;
    const audio = part.querySelector("audio");
    const playing = audio && !audio.paused;
    if (playing) return;
    replace(part, await answer.text());
  };

  const somethingHappened = () => {
    if (pending) { stale = true; return; }
    pending = setTimeout(async () => {
      try { await refresh(); } finally {
        pending = null;
        if (stale) somethingHappened();
      }
    }, FETCH_EVERY_MS);
  };

  const connect = () => {
    if (!part.isConnected) return; // another call took its place on the page
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${part.dataset.liveSocket}`);
    socket.onopen = () => { retryMs = 500; part.dataset.liveState = "open"; somethingHappened(); };
    socket.onmessage = somethingHappened;
    socket.onclose = (event) => {
      part.dataset.liveState = "closed";
      if (event.code === 4401) location.reload(); // signed out: to the sign-in page
      if (event.code === 4401 || event.code === 4403) return; // asking again changes nothing
      setTimeout(connect, retryMs + Math.random() * 250);
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
    };
  };
  connect();
}
