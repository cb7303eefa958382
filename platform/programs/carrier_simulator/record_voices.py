"""Makes the recordings in `voices/`: `python -m programs.carrier_simulator.record_voices`.

Voices that are not the agent's, from the weights that every machine has (`make weights`): Piper's
joe for callers, hibari with other pitches and resonances for two more and for the person who
answers the shadowed call. Telephone band, 8 kHz µ-law, about 20 kB a sentence. A line that
`tests/programs/speech_server/test_demo_callers.py` does not hear is made again: joe reads it
otherwise each time.
"""

import json
import sys
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import onnxruntime

from programs.carrier_simulator.audio import VOICES, write_wav
from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples, to_mulaw
from programs.speech_server.tts import espeak
from programs.speech_server.tts.engine import Style
from programs.speech_server.tts.hibari import Hibari
from programs.speech_server.tts.voices import Timbre, Voice
from warmline.kernel.matching import match_key
from warmline.kernel.weights import weights_file

CALLER: Final = "joe"
WOMAN: Final = Timbre(1.1)
MAN: Final = Timbre(0.7, 0.92)
# With the one a final "ts" is lost, with the other "drain" is heard as "dream".
MAN_ASKING: Final = Timbre(0.75, 0.93)
PERSON: Final = Timbre(0.62, 0.87)
LINES: Final[dict[str, tuple[str | Timbre, str]]] = {
    "plumbing_question": (MAN_ASKING, "Hello, do you charge extra for weekend visits?"),
    "plumbing_booking": (
        MAN,
        "I would like to book a drain cleaning on Tuesday at ten. My name is John Smith.",
    ),
    "clinic_question": (WOMAN, "Hello, where can I park at the clinic?"),
    "clinic_booking": (
        WOMAN,
        "I need an appointment for a sore throat on Thursday at three. My name is Mary Jones.",
    ),
    "yes_please": (CALLER, "Yes, please."),
    "that_is_all": (CALLER, "No, that is all. Thank you, goodbye."),
    "no_thank_you": (CALLER, "No, thank you. Goodbye."),
    "heater_price": (CALLER, "Hello, how much is a water heater repair?"),
    "heater_booking": (CALLER, "Please book it for Friday at nine. My name is David Miller."),
    "person_greets": (PERSON, "Rivertown Plumbing, what can I do for you?"),
    "person_price": (PERSON, "The water heater repair is one hundred and fifty dollars."),
    "person_confirms": (
        PERSON,
        "So that is a water heater repair on Friday at nine. Shall I book it?",
    ),
    "person_books": (PERSON, "The water heater repair is booked on Friday at nine."),
    "person_goodbye": (PERSON, "Thank you for calling, goodbye!"),
    "wait_question": (CALLER, "Wait, stop, I have a question."),
    "a_person_please": (CALLER, "Can I speak to a person, please?"),
    "make_it_wednesday": (CALLER, "No, make it Wednesday."),
}


# Piper's own values for joe; a little slower than he speaks by himself.
_SCALES: Final = np.array([0.667, 1.1, 0.8], np.float32)
# A clip ends with its last voiced frame: more softly the end of "Jones" would be cut off.
_LOUDER: Final = 1.6
# Between two sentences of one breath: below the 160 ms of quiet that are a caller's pause.
_BETWEEN: Final = 0.1
_QUIET: Final = 0.02  # of a sentence's loudest sample


def main() -> None:
    """Remake every recording and `lines.json`."""
    VOICES.mkdir(exist_ok=True)
    for name, (voice, text) in LINES.items():
        write_wav(VOICES / f"{name}.wav", to_mulaw(spoken(text, voice=voice)))
    words = {name: words_of(text) for name, (_, text) in LINES.items()}
    (VOICES / "lines.json").write_text(json.dumps(words, indent=2) + "\n", encoding="utf-8")
    total = sum(path.stat().st_size for path in VOICES.iterdir())
    sys.stdout.write(f"{len(LINES)} recordings, {total / 1000:.0f} kB in {VOICES}\n")


def words_of(text: str) -> str:
    """The words of a line, in small letters."""
    return " ".join(match_key(text).translate(str.maketrans("", "", ".,?!")).split())


def spoken(text: str, *, voice: str | Timbre) -> Samples:
    """Telephone speech, sentence by sentence."""
    speak: Callable[[str], Samples] = joe if voice == CALLER else _of_timbre(voice)
    pause: Samples = np.zeros(round(_BETWEEN * TELEPHONE_HZ), np.float32)
    pieces: list[Samples] = []
    for sentence in text.replace("? ", "?|").replace(". ", ".|").split("|"):
        pieces += [_trimmed(speak(sentence)) * np.float32(_LOUDER), pause]
    return np.concatenate(pieces)


def _trimmed(sentence: Samples) -> Samples:
    """Without the silence around it."""
    sounding = np.flatnonzero(np.abs(sentence) > _QUIET * np.abs(sentence).max())
    return sentence[sounding[0] : sounding[-1] + 1]


def joe(sentence: str) -> Samples:
    """One sentence by Piper's joe; its noise makes each time another reading."""
    session, ids, rate_hz = _piper()
    numbers = [*ids["^"], *ids["_"]]
    for symbol in f"{_ipa(sentence)}{sentence[-1]}":
        if symbol in ids:
            numbers += [*ids[symbol], *ids["_"]]
    numbers += ids["$"]
    inputs = {
        "input": np.array([numbers], np.int64),
        "input_lengths": np.array([len(numbers)], np.int64),
        "scales": _SCALES,
    }
    resampler = Resampler(rate_hz, TELEPHONE_HZ)
    wave = session.run(None, inputs)[0].reshape(-1).astype(np.float32)
    sound = np.concatenate((resampler.feed(wave), resampler.flush()))
    level: Samples = sound * np.float32(3_277 / np.sqrt(np.mean(sound * sound)))
    return level


def _ipa(sentence: str) -> str:
    """Clause by clause, with the commas between them, which are breaths."""
    return ", ".join(espeak.ipa(clause).replace("^", "") for clause in sentence.split(","))


@cache
def _piper() -> tuple[onnxruntime.InferenceSession, dict[str, list[int]], int]:
    model = weights_file("piper-joe")
    settings = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    return session, settings["phoneme_id_map"], settings["audio"]["sample_rate"]


@cache
def _hibari() -> Hibari:
    return Hibari(weights_file("hibari"))


def _of_timbre(voice: str | Timbre) -> Callable[[str], Samples]:
    if isinstance(voice, str):
        raise SystemExit(f"no voice {voice!r}")
    style = Style(Voice("", "en", "en-us", voice), 1.0, TELEPHONE_HZ)

    def speak(sentence: str) -> Samples:
        pieces: list[Samples] = []

        def keep(piece: Samples) -> bool:
            pieces.append(piece)
            return True

        _hibari().speak(sentence, style=style, on_audio=keep)
        return np.concatenate(pieces)

    return speak


if __name__ == "__main__":
    main()
