"""Makes the recordings in `voices/`: `python -m programs.carrier_simulator.record_voices` (needs
Debian's `flite`).

Synthetic voices: flite's `rms` for callers, since small recognisers understand it, and `awb` for
the person who answers the shadowed call. Telephone band, 8 kHz µ-law, about 20 kB a sentence.
"""

import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

from programs.carrier_simulator.sound import VOICES, write_wav

CALLER, PERSON = "rms", "awb"
LINES: dict[str, tuple[str, str]] = {
    "plumbing_question": (CALLER, "hello do you charge extra for weekend visits"),
    "plumbing_booking": (
        CALLER,
        "i would like to book a drain cleaning on tuesday at ten my name is john smith",
    ),
    "clinic_question": (CALLER, "hello where can i park at the clinic"),
    "clinic_booking": (
        CALLER,
        "i need an appointment for a sore throat on thursday at three my name is mary jones",
    ),
    "yes_please": (CALLER, "yes please"),
    "that_is_all": (CALLER, "no that is all thank you goodbye"),
    "no_thank_you": (CALLER, "no thank you goodbye"),
    "heater_price": (CALLER, "hello how much is a water heater repair"),
    "heater_booking": (CALLER, "please book it for friday at nine my name is david miller"),
    "person_greets": (PERSON, "rivertown plumbing what can i do for you"),
    "person_price": (PERSON, "the water heater repair is one hundred and fifty dollars"),
    "person_confirms": (
        PERSON,
        "so that is a water heater repair on friday at nine shall i book it",
    ),
    "person_books": (PERSON, "the water heater repair is booked on friday at nine"),
    "person_goodbye": (PERSON, "thank you for calling goodbye"),
    "wait_question": (CALLER, "wait stop i have a question"),
    "a_person_please": (CALLER, "can i speak to a person please"),
    "make_it_wednesday": (CALLER, "no make it wednesday"),
}


def main() -> None:
    """Remake every recording and `lines.json`."""
    VOICES.mkdir(exist_ok=True)
    for name, (voice, text) in LINES.items():
        write_wav(VOICES / f"{name}.wav", mulaw(halve(synthesise(text, voice=voice))))
    words = {name: text for name, (_, text) in LINES.items()}
    (VOICES / "lines.json").write_text(json.dumps(words, indent=2) + "\n", encoding="utf-8")
    total = sum(path.stat().st_size for path in VOICES.iterdir())
    sys.stdout.write(f"{len(LINES)} recordings, {total / 1000:.0f} kB in {VOICES}\n")


def synthesise(text: str, *, voice: str) -> np.ndarray:
    """16 kHz samples in −1…1."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.wav"
        subprocess.run(  # noqa: S603
            ["flite", "-voice", voice, "-t", text, "-o", str(path)],  # noqa: S607
            check=True,
            timeout=60,
        )
        with wave.open(str(path)) as file:
            if file.getframerate() != 16000:
                raise SystemExit(f"flite's {voice}: expected 16 kHz, found {file.getframerate()}")
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return samples.astype(np.float64) / 32768


def halve(samples: np.ndarray) -> np.ndarray:
    """16 kHz to 8 kHz: a windowed sinc that passes up to 3.6 kHz, then every second sample."""
    taps = np.arange(-80, 81)
    cut = 2 * 3600 / 16000
    kernel = cut * np.sinc(cut * taps) * np.hamming(len(taps))
    return np.convolve(samples, kernel / kernel.sum(), mode="same")[::2]


def mulaw(samples: np.ndarray) -> bytes:
    """ITU-T G.711 µ-law of samples in −1…1."""
    linear = np.clip(samples * 32635, -32635, 32635).astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0).astype(np.int32)
    biased = np.abs(linear) + 0x84
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = biased >> (exponent + 3) & 0x0F
    return bytes((~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8))


if __name__ == "__main__":
    main()
