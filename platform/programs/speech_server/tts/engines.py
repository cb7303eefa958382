"""Which engines there are, by the name of a pool's model, and what stands in for them."""

import logging
from typing import Final

from programs.speech_server.tts import espeak_ng, hibari
from programs.speech_server.tts.engine import Engine
from programs.speech_server.tts.espeak_ng import EspeakNg
from programs.speech_server.tts.hibari import Hibari
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.weights import weights_file

SPEAK_MODELS: Final = (hibari.MODEL, espeak_ng.MODEL)
LOG: Final = logging.getLogger("warmline.speech")


def load_engines(model: str) -> tuple[Engine, Engine]:
    """The model's engine and the one that stands in for it; blocks while weights are read.

    Where the weights are missing or others than expected, calls are answered by the stand-in.
    """
    stand_in = EspeakNg()
    if model == espeak_ng.MODEL:
        return stand_in, stand_in
    try:
        return Hibari(weights_file(hibari.MODEL)), stand_in
    except ConfigurationError as error:
        LOG.error("%s cannot be loaded, %s speaks instead: %s", model, stand_in.name, error)
        return stand_in, stand_in
