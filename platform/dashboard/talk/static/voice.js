// A call from a page: the microphone and the loudspeaker as a carrier's line to the media plane, over WebRTC
// where UDP comes through, else over the WebSocket that opened the call. Without a dependency, and without a
// word of the page's own: it tells what happens as events.
//   ready {over}, said {who, turn, text}, cut {turn}, level {level}, over {why}

const START_S = 12;
const GATHER_MS = 1000; // servers that answer do so within a round trip; one that does not is not waited for
const BROKEN_MS = 2000; // a connection without answers for longer comes back too late for a conversation
const QUIET_MS = 500;
const SILENCE = new Uint8Array(160).fill(255);
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
  #microphone; #socket; #audio; #ear; #mouth; #deadline; #peer; #player;
  #stream = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  #over = false;
  #muted = false;
  #sent = 0;
  #talking = false;
  #overSocket = true;
  #quiet;

  // Without a microphone one writes, and reads what is said: nothing is played.
  constructor(microphone) {
    super();
    this.#microphone = microphone;
    this.webrtc = Boolean(microphone) && "RTCPeerConnection" in globalThis;
    // Here, while the click that asked for it still counts: later browsers would play nothing.
    if (microphone) this.#audio = new AudioContext({ latencyHint: "interactive" });
  }

  // `opened` is what the web plane answered: {url, call, token}.
  async begin(opened) {
    if (this.#microphone) await this.#listen();
    if (this.#over) return;
    this.#socket = new WebSocket(opened.url);
    this.#socket.onopen = () => this.#send({ event: "start", call: opened.call, token: opened.token, rtc: this.webrtc });
    this.#socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    this.#socket.onclose = (closed) => this.#end(this.#talking ? "ended" : (closed.reason || "unreachable"));
    this.#deadline = setTimeout(() => this.#end("unreachable"), START_S * 1000);
  }

  async #listen() {
    await this.#audio.audioWorklet.addModule(WORKLET);
    await this.#audio.resume();
    if (this.#over) return;
    this.#mouth = new AudioWorkletNode(this.#audio, "warmline-loudspeaker", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#mouth.port.onmessage = ({ data }) => this.#reached(data.mark);
    this.#mouth.connect(this.#audio.destination);
    for (const track of this.#microphone.getTracks()) track.onended = () => this.#end("microphone");
  }

  get muted() { return this.#muted; }

  mute(muted) {
    this.#muted = muted;
    this.#ear?.port.postMessage({ muted });
    for (const track of this.#microphone.getAudioTracks()) track.enabled = !muted;
  }

  // Words in place of speech: a whole turn.
  write(text) { this.#send({ event: "say", text }); }

  press(digit) { this.#send({ event: "dtmf", digit }); }

  hangUp() {
    this.#send({ event: "stop" });
    this.#end("hung_up");
  }

  #take(message) {
    switch (message.event) {
      case "granted": return this.#offer(message.ice).catch(() => this.#send({ event: "offer", sdp: "" }));
      case "answer": return this.#peer?.setRemoteDescription({ type: "answer", sdp: message.sdp }).catch(() => this.#stayOnSocket());
      case "ready": return this.#ready(message.over);
      case "media": return this.#mouth?.port.postMessage({ audio: bytesOf(message.payload) });
      // What is read is known as soon as it is there.
      case "mark": return this.#mouth ? this.#mouth.port.postMessage({ mark: message.name }) : this.#send({ event: "mark", name: message.name });
      case "clear": return this.#mouth?.port.postMessage({ clear: true });
      default: return this.#tell(message.event, message);
    }
  }

  async #offer(iceServers) {
    const peer = this.#peer = new RTCPeerConnection({ iceServers });
    for (const track of this.#microphone.getAudioTracks()) peer.addTrack(track, this.#microphone);
    peer.ontrack = ({ streams, track }) => {
      this.#player = new Audio();
      this.#player.srcObject = streams[0] ?? new MediaStream([track]);
      this.#player.play();
    };
    peer.onconnectionstatechange = () => this.#watch(peer);
    await peer.setLocalDescription();
    await gathered(peer);
    const { sdp } = peer.localDescription;
    // Without an address there is no way: a proxy, or a browser that keeps its own to itself.
    this.#send({ event: "offer", sdp: sdp.includes("a=candidate:") ? sdp : "" });
  }

  #watch(peer) {
    const broken = () => ["disconnected", "failed"].includes(peer.connectionState);
    if (!this.#talking || this.#overSocket || !broken()) return;
    setTimeout(() => { if (broken() && peer === this.#peer) this.#stayOnSocket(); }, BROKEN_MS);
  }

  #stayOnSocket() {
    this.#peer?.close();
    this.#peer = null;
    if (this.#talking && !this.#overSocket) {
      this.#send({ event: "offer", sdp: "" });
      this.#overSocket = true;
      this.#tell("ready", { over: "socket" });
    }
  }

  #ready(over) {
    clearTimeout(this.#deadline);
    this.#talking = true;
    this.#overSocket = over !== "webrtc";
    if (this.#overSocket) this.#stayOnSocket();
    if (!this.#microphone) {
      // A line without any sound is taken for a broken one.
      this.#quiet = setInterval(() => this.#heard({ frame: SILENCE, level: 0 }), QUIET_MS);
      return this.#tell("ready", { over });
    }
    this.#ear = new AudioWorkletNode(this.#audio, "warmline-microphone", { numberOfOutputs: 0 });
    this.#ear.port.onmessage = ({ data }) => this.#heard(data);
    this.#ear.port.postMessage({ muted: this.#muted });
    this.#audio.createMediaStreamSource(this.#microphone).connect(this.#ear);
    this.#tell("ready", { over });
  }

  #heard({ frame, level }) {
    this.#sent++;
    if (this.#overSocket) this.#send({ event: "media", at: 20 * this.#sent, payload: btoa(String.fromCharCode(...frame)) });
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
    this.#peer?.close();
    if (this.#player) this.#player.srcObject = null;
    clearInterval(this.#quiet);
    for (const track of this.#microphone?.getTracks() ?? []) { track.onended = null; track.stop(); }
    this.#audio?.close();
    this.#tell("over", { why });
  }
}

const gathered = (peer) => new Promise((resolve) => {
  if (peer.iceGatheringState === "complete") return resolve();
  setTimeout(resolve, GATHER_MS);
  peer.onicegatheringstatechange = () => { if (peer.iceGatheringState === "complete") resolve(); };
});

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
