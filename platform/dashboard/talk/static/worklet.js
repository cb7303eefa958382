// Both ends of the telephone line in a page's audio thread: the microphone as 20 ms of µ-law at 8 kHz,
// and what the agent says back at the page's own rate, with marks where they are reached.
const TELEPHONE_HZ = 8000;
const FRAME = 160;
const PHASES = 256;
const SIDE_TAPS = 16; // at the lower rate, on each side: what folds back lies 50 dB below

class Resampler {
  constructor(from, to) {
    const scale = Math.min(1, to / from);
    this.step = from / to;
    this.half = Math.ceil(SIDE_TAPS / scale);
    this.taps = 2 * this.half;
    this.kernels = Array.from({ length: PHASES }, (_, phase) => this.kernel(phase / PHASES, scale * 0.94));
    this.rest = new Float32Array(this.half);
    this.at = this.half;
  }

  kernel(offset, cutoff) {
    return Float32Array.from({ length: this.taps }, (_, tap) => {
      const x = tap - this.half + 1 - offset;
      if (Math.abs(x) >= this.half) return 0;
      const angle = Math.PI * cutoff * x;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / this.half));
    });
  }

  feed(input) {
    const all = new Float32Array(this.rest.length + input.length);
    all.set(this.rest);
    all.set(input, this.rest.length);
    const made = [];
    while (Math.floor(this.at) + this.half + 1 < all.length) {
      const whole = Math.floor(this.at);
      const kernel = this.kernels[Math.floor((this.at - whole) * PHASES)];
      const first = whole - this.half + 1;
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++) sum += all[first + tap] * kernel[tap];
      made.push(sum);
      this.at += this.step;
    }
    const used = Math.min(all.length, Math.max(0, Math.floor(this.at) - this.half));
    this.rest = all.slice(used);
    this.at -= used;
    return made;
  }
}

const toMulaw = (sample) => {
  let level = Math.round(Math.max(-1, Math.min(1, sample)) * 32635);
  const sign = level < 0 ? 0x80 : 0;
  level = Math.abs(level) + 132;
  let exponent = 7;
  for (let mask = 0x4000; exponent > 0 && !(level & mask); mask >>= 1) exponent--;
  return ~(sign | (exponent << 4) | ((level >> (exponent + 3)) & 15)) & 255;
};

const FROM_MULAW = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 255;
  const level = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80 ? -level : level) / 32768;
});

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.down = new Resampler(sampleRate, TELEPHONE_HZ);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.power = 0;
    this.muted = false;
    this.port.onmessage = ({ data }) => { this.muted = data.muted; };
  }

  process([input]) {
    const samples = input[0] ?? new Float32Array(128);
    for (const sample of this.down.feed(samples)) {
      const kept = this.muted ? 0 : sample;
      this.power += kept * kept;
      this.frame[this.filled++] = toMulaw(kept);
      if (this.filled === FRAME) this.send();
    }
    return true;
  }

  send() {
    this.port.postMessage({ frame: this.frame.slice(), level: Math.sqrt(this.power / FRAME) });
    this.filled = 0;
    this.power = 0;
  }
}

class Loudspeaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.up = new Resampler(TELEPHONE_HZ, sampleRate);
    this.queue = []; // samples, and marks between them
    this.at = 0;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(message) {
    if (message.audio) this.queue.push(this.up.feed(Float32Array.from(message.audio, (code) => FROM_MULAW[code])));
    if (message.mark) this.queue.push(message.mark);
    if (message.clear) {
      for (const item of this.queue) if (typeof item === "string") this.port.postMessage({ mark: item });
      this.queue = [];
      this.at = 0;
    }
  }

  process(_, [output]) {
    const [channel, ...others] = output;
    for (let at = 0; at < channel.length; at++) channel[at] = this.next();
    for (const other of others) other.set(channel);
    return true;
  }

  next() {
    for (;;) {
      const item = this.queue[0];
      if (item === undefined) return 0;
      if (typeof item === "string") this.port.postMessage({ mark: item });
      else if (this.at < item.length) return item[this.at++];
      this.queue.shift();
      this.at = 0;
    }
  }
}

registerProcessor("warmline-microphone", Microphone);
registerProcessor("warmline-loudspeaker", Loudspeaker);
