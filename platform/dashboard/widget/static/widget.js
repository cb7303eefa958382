// A company's agent on the company's own site: one script, no dependency, in a shadow root so that neither
// page nor widget changes the other's looks. The key in the script's tag is public: it begins calls from the
// sites that it was made for, and opens nothing else.
import { askForMicrophone, trouble, VoiceCall } from "../talk/voice.js";

const SAY = {
  refused: "The microphone was not allowed. Allow it in the address bar and try again.",
  none: "No microphone was found.",
  taken: "Another program holds the microphone.",
  insecure: "This page is not secure, so it has no microphone.",
  busy: "Nobody can answer right now. Please try again in a moment.",
  often: "That was often. Please wait a minute.",
  forbidden: "This site may not call here.",
  unreachable: "The call could not be connected.",
  hung_up: "You hung up.",
  ended: "The call is over.",
};
const STATUS = { 403: "forbidden", 401: "forbidden", 404: "forbidden", 429: "often", 503: "busy" };

const LOOKS = new CSSStyleSheet();
LOOKS.replaceSync(`
  :host { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; font: 16px/1.45 system-ui, sans-serif; color-scheme: light dark; }
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  button { font: inherit; border: 1px solid #8886; border-radius: 999px; padding: .55rem 1.1rem; cursor: pointer; background: Canvas; color: CanvasText; }
  button.main { background: #a8380d; border-color: #a8380d; color: #fff; }
  button:focus-visible, ol:focus-visible { outline: 3px solid #2f6fde; outline-offset: 2px; }
  section { width: min(22rem, calc(100vw - 2rem)); background: Canvas; color: CanvasText; border: 1px solid #8886; border-radius: 1rem; padding: 1rem; box-shadow: 0 8px 30px #0004; }
  header { display: flex; justify-content: space-between; align-items: center; gap: .5rem; }
  h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
  header button { border: 0; padding: .3rem .6rem; }
  p { margin: .6rem 0; min-height: 1.4em; }
  ol { list-style: none; margin: 0 0 .8rem; padding: 0; max-height: 40vh; overflow-y: auto; }
  li { margin: .35rem 0; overflow-wrap: anywhere; }
  li b { display: block; font-size: .78rem; font-weight: 600; opacity: .75; }
  form { display: flex; gap: .5rem; margin: 0 0 .8rem; }
  input { font: inherit; flex: 1; min-width: 0; border: 1px solid #8886; border-radius: 999px; padding: .5rem .9rem; background: Field; color: FieldText; }
  input:focus-visible { outline: 3px solid #2f6fde; outline-offset: 1px; }
  .row { display: flex; flex-wrap: wrap; gap: .5rem; }
`);

class WarmlineCall extends HTMLElement {
  #call = null;
  #writes = false; // this call is one in writing
  #waiting = []; // what was written before the call was there

  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [LOOKS];
    const name = this.dataset.name || "us";
    this.opener = made("button", { className: "main", textContent: `Talk to ${name}` });
    this.title_ = made("h2", { textContent: `Talk to ${name}` });
    this.closer = made("button", { textContent: "✕", ariaLabel: "Close" });
    this.state = made("p", { role: "status", textContent: "You talk to an AI assistant: by your microphone, or in writing." });
    this.lines = made("ol", { tabIndex: 0, role: "log", ariaLabel: "Conversation" });
    this.words = made("input", { maxLength: 500, ariaLabel: "Write a message", placeholder: "Write a message", autocomplete: "off" });
    this.form = made("form", {}, this.words, made("button", { textContent: "Send" }));
    this.start = made("button", { className: "main", textContent: "Start talking" });
    this.mute = made("button", { textContent: "Mute", ariaPressed: "false", hidden: true });
    this.stop = made("button", { textContent: "Hang up", hidden: true });
    const head = made("header", {}, this.title_, this.closer);
    const row = made("div", { className: "row" }, this.start, this.mute, this.stop);
    this.panel = made("section", { ariaLabel: `Talk to ${name}`, hidden: true }, head, this.state, this.lines, this.form, row);
    root.append(this.opener, this.panel);
    this.opener.onclick = () => this.#open(true);
    this.closer.onclick = () => this.#open(false);
    this.start.onclick = () => this.#begin("voice");
    this.form.onsubmit = (event) => { event.preventDefault(); this.#write(this.words.value.trim()); };
    this.stop.onclick = () => this.#call?.hangUp();
    this.mute.onclick = () => this.#toggleMute();
    this.panel.onkeydown = (event) => { if (event.key === "Escape") this.#open(false); };
    addEventListener("pagehide", () => this.#call?.hangUp());
  }

  #open(open) {
    if (!open) this.#call?.hangUp();
    this.panel.hidden = !open;
    this.opener.hidden = open;
    (open ? this.start : this.opener).focus();
  }

  #show(talking, words) {
    this.start.hidden = talking;
    this.start.disabled = false;
    this.mute.hidden = this.stop.hidden = !talking;
    this.state.textContent = words;
  }

  #write(text) {
    if (!text) return;
    this.words.value = "";
    if (!this.#call) { this.#waiting = [text]; this.#begin("text"); return; }
    if (this.start.disabled) { this.#waiting.push(text); return; }
    this.#call.write(text);
    if (this.#writes) this.#said({ who: "caller", turn: `w${performance.now()}`, text });
  }

  async #begin(by) {
    this.start.disabled = true;
    this.#writes = by === "text";
    this.state.textContent = "Connecting…";
    try {
      const microphone = this.#writes ? null : await askForMicrophone();
      this.#call = new VoiceCall(microphone);
      this.#watch(this.#call);
      const opened = await this.#ask(by);
      this.lines.replaceChildren();
      await this.#call.begin(opened);
    } catch (error) {
      this.#call?.hangUp();
      this.#call = null;
      this.#show(false, SAY[error.why] ?? SAY.unreachable);
    }
  }

  async #ask(by) {
    const address = new URL(`/api/v1/agents/${encodeURIComponent(this.dataset.agent)}/talk`, import.meta.url);
    let answer;
    try {
      answer = await fetch(address, { method: "POST", headers: { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json" }, body: JSON.stringify({ by }), credentials: "omit", referrerPolicy: "origin" });
    } catch {
      throw trouble("forbidden"); // a site that the key is not for is told nothing by its browser
    }
    if (!answer.ok) throw trouble(STATUS[answer.status] ?? "unreachable");
    return answer.json();
  }

  #watch(call) {
    call.addEventListener("ready", () => {
      this.#show(true, this.#writes ? "Connected. Write what you would say." : "Connected. Just speak, or write.");
      this.#muted(false);
      this.mute.hidden = this.#writes;
      (this.#writes ? this.words : this.stop).focus();
    });
    call.addEventListener("said", ({ detail }) => {
      // In writing one's own words stand there already.
      if (!this.#writes || detail.who === "agent") this.#said(detail);
      // The agent has greeted: it listens from here on.
      for (const text of this.#waiting.splice(0)) this.#write(text);
    });
    call.addEventListener("over", ({ detail }) => {
      if (this.#call === call) this.#call = null;
      this.#show(false, SAY[detail.why] ?? SAY.ended);
    });
  }

  #said({ who, turn, text }) {
    const last = this.lines.lastElementChild;
    if (last?.dataset.said === `${who} ${turn}`) last.append(` ${text}`);
    else {
      const line = made("li", {}, made("b", { textContent: who === "agent" ? this.dataset.name || "Agent" : "You" }), text);
      line.dataset.said = `${who} ${turn}`;
      this.lines.append(line);
    }
    this.lines.scrollTop = this.lines.scrollHeight;
  }

  #toggleMute() {
    this.#call?.mute(!this.#call.muted);
    this.#muted(this.#call?.muted);
  }

  #muted(muted) {
    this.mute.ariaPressed = String(muted);
    this.mute.textContent = muted ? "Unmute" : "Mute";
  }
}

function made(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

const tag = [...document.querySelectorAll("script[data-warmline-key]")].find((script) => script.src === import.meta.url);
if (tag && !customElements.get("warmline-call")) {
  customElements.define("warmline-call", WarmlineCall);
  const element = document.createElement("warmline-call");
  Object.assign(element.dataset, { agent: tag.dataset.agent, name: tag.dataset.name });
  element.key = tag.dataset.warmlineKey;
  document.body.append(element);
}
