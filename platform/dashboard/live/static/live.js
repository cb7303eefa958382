// Keeps a part of the page current while calls run: the server says that something happened,
// and the page fetches that part anew. The server renders it once, in one place.
const part = document.querySelector("[data-live-socket]");

if (part) {
  const FETCH_EVERY_MS = 200; // a turn is a burst of a dozen events: one fetch serves them all
  const RETRY_MAX_MS = 15000;
  let retryMs = 500;
  let pending = null;
  let stale = false;

  // Who is at a link or a button of this part stays there when the part is drawn anew.
  const placeOf = (element) => {
    if (!element || !part.contains(element)) return null;
    if (element.id) return `#${CSS.escape(element.id)}`;
    const link = element.getAttribute("href");
    return link ? `a[href="${CSS.escape(link)}"]` : null;
  };

  const refresh = async () => {
    stale = false;
    const answer = await fetch(part.dataset.liveFragment, { headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) return;
    const audio = part.querySelector("audio");
    const playing = audio && !audio.paused;
    if (playing) return;
    const focused = placeOf(document.activeElement);
    const folded = [...part.querySelectorAll("details")].map((details) => details.open);
    part.innerHTML = await answer.text();
    part.querySelectorAll("details").forEach((details, at) => { details.open = folded[at] ?? details.open; });
    if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
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
