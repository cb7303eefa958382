"""eSpeak NG's library, as its header `speak_lib.h` has it.

The library has one state for a whole process: a lock guards every use.
"""

import ctypes
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import espeakng_loader

from programs.speech_server.errors import SpeechFailed

# AUDIO_OUTPUT_SYNCHRONOUS: samples come to a callback, in the calling thread
_SYNCHRONOUS: Final = 2
_PIECE_MS: Final = 20
_UTF8: Final = 1
_RATE_PARAMETER: Final = 1
_ASCII_PHONEMES: Final = 0
# IPA whose letters of one sound are tied by "^": bits 1, 7, and the sign from bit 8 on
_TIED_IPA: Final = 0x02 | 0x80 | ord("^") << 8
_BY_CHARACTER: Final = 1  # POS_CHARACTER

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)
_lock = threading.Lock()


@cache
def _library() -> tuple[Any, int]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    rate_hz = library.espeak_Initialize(
        _SYNCHRONOUS, _PIECE_MS, str(espeakng_loader.get_data_path()).encode(), 0
    )
    if rate_hz <= 0:
        raise SpeechFailed("eSpeak NG did not start: its data folder could not be read")
    return library, int(rate_hz)


def rate_hz() -> int:
    """The sample rate of what `synthesise` gives."""
    with _lock:
        return _library()[1]


def synthesise(
    text: str, *, voice: str, words_per_minute: int, on_audio: Callable[[bytes], bool]
) -> None:
    """Synthesise `text`: `on_audio` gets 16-bit PCM piece by piece and says whether to go on.

    It is called in this thread. Returns when all is spoken; raises SpeechFailed for a voice that
    eSpeak NG does not have.
    """

    def piece(samples: Any, count: int, _events: Any) -> int:
        if not samples or count <= 0:
            return 0
        return 0 if on_audio(ctypes.string_at(samples, 2 * count)) else 1

    # held here until the call returns: the library keeps only its address
    callback = _Callback(piece)
    with _lock:
        library, _ = _library()
        _set_voice(library, voice)
        library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
        library.espeak_SetSynthCallback(callback)
        encoded = text.encode()
        size = len(encoded) + 1  # the closing NUL included
        if library.espeak_Synth(encoded, size, 0, _BY_CHARACTER, 0, _UTF8, None, None) != 0:
            raise SpeechFailed("eSpeak NG refused the text")


def phonemes(text: str) -> str:
    """How American English says the text, in eSpeak NG's mnemonics."""
    return _transcribed(text, _ASCII_PHONEMES)


def ipa(text: str) -> str:
    """How American English says the text, in IPA; the letters of one sound are tied by "^"."""
    return _transcribed(text, _TIED_IPA)


def _transcribed(text: str, alphabet: int) -> str:
    with _lock:
        library, _ = _library()
        _set_voice(library, "en-us")
        place = ctypes.c_char_p(text.encode())
        clauses: list[str] = []
        while place.value:  # one clause each time; the library moves the pointer on
            spoken = library.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, alphabet)
            clauses.append((spoken or b"").decode("utf-8", "ignore"))
    return " ".join(clauses)


def _set_voice(library: Any, voice: str) -> None:
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise SpeechFailed(f"eSpeak NG has no voice {voice!r}")
