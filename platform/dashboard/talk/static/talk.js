// The page on which one talks to an agent in one's own voice.
import { follow } from "../live/live.js";
import { askForMicrophone, trouble, VoiceCall } from "./voice.js";

const SAY = {
  refused: "The microphone was not allowed. Allow it for this page in the address bar, then click again.",
  none: "There is no microphone here. Connect one, then click again.",
  taken: "Another program holds the microphone. Close it there, then click again.",
  insecure: "Browsers give a microphone to pages over https alone, or on this machine at 127.0.0.1 or localhost.",
  unreachable: "The call could not be connected: the audio's address does not answer. A proxy in between may not pass WebSockets on.",
  expired: "It took too long to connect. Click again.",
  draining: "The machine that was to answer is being replaced. Click again.",
  microphone: "The microphone was taken away, so the call is over.",
  stale: "This page is out of date. Load it again.",
  hung_up: "You hung up.",
  ended: "The call is over.",
};

const panel = document.querySelector("[data-talk]");
const one = (name) => panel.querySelector(`[data-${name}]`);
const [start, stop, mute, state, lines, meter] = ["start", "stop", "mute", "state", "lines", "meter"].map(one);
let call = null;

const show = (now, words) => {
  panel.dataset.talk = now;
  state.textContent = words;
  start.disabled = now === "connecting";
  start.hidden = now === "talking";
  stop.hidden = mute.hidden = now !== "talking";
};

start.addEventListener("click", async () => {
  show("connecting", "Allow the microphone when the browser asks.");
  try {
    const microphone = await askForMicrophone();
    call = new VoiceCall(microphone);
    watch(call);
    state.textContent = "Connecting…";
    const opened = await open(microphone);
    lines.replaceChildren();
    await call.begin(opened);
    followStory(opened.page);
  } catch (error) {
    call?.hangUp();
    show("idle", error.say ?? SAY[error.why] ?? SAY.unreachable);
  }
});

stop.addEventListener("click", () => call?.hangUp());
mute.addEventListener("click", () => {
  call.mute(!call.muted);
  mute.setAttribute("aria-pressed", String(call.muted));
  mute.textContent = call.muted ? "Unmute" : "Mute";
});
window.addEventListener("pagehide", () => call?.hangUp());

async function open() {
  const answer = await fetch(panel.dataset.calls, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": panel.querySelector("[name=csrfmiddlewaretoken]").value, "X-Company": document.body.dataset.company },
    body: JSON.stringify({ wording: one("wording").value }),
  });
  if (answer.status === 503) throw Object.assign(trouble("busy"), await answer.json());
  if (!answer.ok || answer.redirected) throw trouble("stale");
  return answer.json();
}

function watch(call) {
  call.addEventListener("ready", ({ detail }) => {
    const way = detail.over === "webrtc" ? "" : " No UDP comes through here, so the audio goes over the WebSocket.";
    panel.dataset.over = detail.over;
    show("talking", `Connected. Speak as you would on the telephone.${way}`);
    mute.textContent = call.muted ? "Unmute" : "Mute";
    mute.setAttribute("aria-pressed", String(call.muted));
    stop.focus();
  });
  call.addEventListener("level", ({ detail }) => { meter.value = Math.min(1, detail.level * 6); });
  call.addEventListener("said", ({ detail }) => said(detail));
  call.addEventListener("cut", () => lines.lastElementChild?.classList.add("cut"));
  call.addEventListener("over", ({ detail }) => {
    meter.value = 0;
    const had = panel.dataset.talk === "talking";
    show("idle", SAY[detail.why] ?? (had ? SAY.ended : SAY.unreachable));
    start.focus();
  });
}

function said({ who, turn, text }) {
  const last = lines.lastElementChild;
  if (last?.dataset.who === who && last.dataset.turn === String(turn)) {
    last.querySelector(".words").append(` ${text}`);
  } else {
    const line = document.createElement("li");
    line.className = who;
    Object.assign(line.dataset, { who, turn });
    const name = document.createElement("span");
    name.className = "who";
    name.textContent = who === "agent" ? panel.dataset.agent : "You";
    const words = document.createElement("div");
    words.className = "words";
    words.textContent = text;
    line.append(name, words);
    lines.append(line);
  }
  lines.scrollTop = lines.scrollHeight;
}

function followStory(page) {
  const story = document.createElement("div");
  Object.assign(story.dataset, { liveSocket: `${page}/live`, liveFragment: `${page}?part=turns` });
  document.querySelector("[data-story]").replaceChildren(story);
  const link = document.querySelector("[data-page]");
  link.href = page;
  link.closest("p").hidden = false;
  follow(story);
}
