// A call from a page: the microphone and the loudspeaker as a carrier's line, over a WebSocket to the media
// plane. Without a dependency, and without a word of the page's own: it tells what happens as events.
//   ready, said {who, turn, text}, cut {turn}, level {level}, over {why}

const START_S = 10;
const WORKLET = new URL("./worklet.js", import.meta.url);

// Why there is no microphone: "refused", "none", "taken", or "insecure" where browsers give none.
export async function askForMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia) throw trouble("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    const known = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", NotReadableError: "taken" };
    throw trouble(known[error.name] ?? "none");
  }
}

export function trouble(why) {
  return Object.assign(new Error(why), { why });
}

export class VoiceCall extends EventTarget {
  #microphone; #socket; #audio; #ear; #mouth; #deadline;
  #stream = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  #over = false;
  #muted = false;
  #sent = 0;

  constructor(microphone) {
    super();
    this.#microphone = microphone;
    // Here, while the click that asked for it still counts: later browsers would play nothing.
    this.#audio = new AudioContext({ latencyHint: "interactive" });
  }

  // `opened` is what the web plane answered: {url, call, token}.
  async begin(opened) {
    await this.#audio.audioWorklet.addModule(WORKLET);
    await this.#audio.resume();
    if (this.#over) return;
    this.#mouth = new AudioWorkletNode(this.#audio, "warmline-loudspeaker", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#mouth.port.onmessage = ({ data }) => this.#reached(data.mark);
    this.#mouth.connect(this.#audio.destination);
    this.#socket = new WebSocket(opened.url);
    this.#socket.onopen = () => this.#send({ event: "start", call: opened.call, token: opened.token });
    this.#socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    this.#socket.onclose = (closed) => this.#end(this.#ear ? "ended" : (closed.reason || "unreachable"));
    this.#deadline = setTimeout(() => this.#end("unreachable"), START_S * 1000);
    for (const track of this.#microphone.getTracks()) track.onended = () => this.#end("microphone");
  }

  get muted() { return this.#muted; }

  mute(muted) {
    this.#muted = muted;
    this.#ear?.port.postMessage({ muted });
  }

  press(digit) { this.#send({ event: "dtmf", digit }); }

  hangUp() {
    this.#send({ event: "stop" });
    this.#end("hung_up");
  }

  #take(message) {
    switch (message.event) {
      case "ready": return this.#ready();
      case "media": return this.#mouth.port.postMessage({ audio: bytesOf(message.payload) });
      case "mark": return this.#mouth.port.postMessage({ mark: message.name });
      case "clear": return this.#mouth.port.postMessage({ clear: true });
      default: return this.#tell(message.event, message);
    }
  }

  #ready() {
    clearTimeout(this.#deadline);
    this.#ear = new AudioWorkletNode(this.#audio, "warmline-microphone", { numberOfOutputs: 0 });
    this.#ear.port.onmessage = ({ data }) => this.#heard(data);
    this.#ear.port.postMessage({ muted: this.#muted });
    this.#audio.createMediaStreamSource(this.#microphone).connect(this.#ear);
    this.#tell("ready");
  }

  #heard({ frame, level }) {
    this.#send({ event: "media", at: 20 * this.#sent++, payload: btoa(String.fromCharCode(...frame)) });
    this.#tell("level", { level });
  }

  #reached(name) {
    // What left the page is heard once the device has played it.
    setTimeout(() => this.#send({ event: "mark", name }), 1000 * (this.#audio.outputLatency || 0));
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ ...message, stream: this.#stream }));
  }

  #tell(name, detail = {}) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  #end(why) {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#deadline);
    this.#socket?.close();
    for (const track of this.#microphone.getTracks()) { track.onended = null; track.stop(); }
    this.#audio.close();
    this.#tell("over", { why });
  }
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
