"""eSpeak NG's library, as its header `speak_lib.h` has it.
One process has one voice: a lock guards every use.
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
    text: str, *, voice: str, words_per_minute: int, hear: Callable[[bytes], bool]
) -> None:
    """Speak `text`; `hear` gets 16-bit PCM piece by piece, in this thread, and returns whether to
    go on.

    Returns when all is spoken. Raises SpeechFailed for a voice that eSpeak NG does not have.
    """

    def piece(samples: Any, count: int, _events: Any) -> int:
        if not samples or count <= 0:
            return 0
        return 0 if hear(ctypes.string_at(samples, 2 * count)) else 1

    # held here until the call returns: the library keeps only its address
    callback = _Callback(piece)
    with _lock:
        library, _ = _library()
        _choose(library, voice)
        library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
        library.espeak_SetSynthCallback(callback)
        encoded = text.encode()
        if (
            library.espeak_Synth(encoded, len(encoded) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None)
            != 0
        ):
            raise SpeechFailed("eSpeak NG refused the text")


def phonemes(text: str) -> str:
    """How American English says the text, in eSpeak NG's mnemonics."""
    with _lock:
        library, _ = _library()
        _choose(library, "en-us")
        place = ctypes.c_char_p(text.encode())
        spoken = library.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, _ASCII_PHONEMES)
    return (spoken or b"").decode("ascii", "ignore")


def _choose(library: Any, voice: str) -> None:
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise SpeechFailed(f"eSpeak NG has no voice {voice!r}")
