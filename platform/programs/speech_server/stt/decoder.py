"""One PocketSphinx decoder: telephone audio in, words out, while the caller is still speaking."""

from typing import Any, Final

import pocketsphinx

from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples, to_pcm
from programs.speech_server.stt.language import Language
from programs.speech_server.stt.pronunciation import ACOUSTIC_MODEL

MODEL_HZ: Final = 16_000
# Where the cepstral mean of telephone speech lies once it is upsampled to the model's rate
# (measured over three voices): a call's first sentence is heard with it instead of with the mean of
# wide-band speech.
TELEPHONE_MEAN: Final = "36.7,21.7,-27,43,-17.5,3,12,-22,16,-11.5,4,11,-9"
LANGUAGE_WEIGHT: Final = 8.0
# the library cannot forget a word: past this the decoder is made anew
MAX_ADDED_WORDS: Final = 4_000


class Decoder:
    """Not safe for two threads at once; its slot sees to that.
    Methods block for as long as they compute.
    """

    def __init__(self, receptionist: Language) -> None:
        self._receptionist = receptionist
        self._resampler = Resampler(TELEPHONE_HZ, MODEL_HZ)
        self.language = receptionist.name
        self._added = 0
        self._in_utterance = False
        self._engine = self._opened()

    def use(self, language: Language) -> None:
        """Expect this language from the next utterance on."""
        if language.name == self.language:
            return
        if self._added > MAX_ADDED_WORDS:
            self._engine, self.language = self._opened(), self._receptionist.name
            self._added, self._in_utterance = 0, False
        if language.name != self._receptionist.name:
            for entry, phones in language.entries():
                if self._engine.lookup_word(entry) is None:
                    self._engine.add_word(entry, phones, False)
                    self._added += 1
            self._engine.add_lm_file(language.name, str(language.model))
            self._engine.activate_search(language.name)
        else:
            self._engine.activate_search(self._receptionist.name)
        if self.language != self._receptionist.name:
            self._engine.remove_search(self.language)
        self.language = language.name

    def new_caller(self) -> None:
        """Forget how the last caller's line sounded."""
        self._engine.set_cmn(TELEPHONE_MEAN)

    def begin(self) -> None:
        """A new utterance; one that was going on is thrown away."""
        if self._in_utterance:
            self._engine.end_utt()
        self._resampler = Resampler(TELEPHONE_HZ, MODEL_HZ)
        self._engine.start_utt()
        self._in_utterance = True

    def feed(self, samples: Samples) -> None:
        """More of the utterance, at 8 kHz."""
        self._engine.process_raw(to_pcm(self._resampler.feed(samples)), False, False)

    def so_far(self) -> str:
        """The best words at this moment; later audio may still change the last of them."""
        return self._words()

    def finish(self) -> str:
        """The utterance's words; empty when none were heard."""
        self._engine.process_raw(to_pcm(self._resampler.rest()), False, False)
        self._engine.end_utt()
        self._in_utterance = False
        return self._words()

    def _words(self) -> str:
        heard = self._engine.hyp()
        return str(heard.hypstr) if heard is not None else ""

    def _opened(self) -> Any:
        # The second, flat-lexicon pass is left out: it gave no better words and took 120 ms after
        # the last frame, where the single pass takes 4 ms (40 sentences, three voices).
        engine = pocketsphinx.Decoder(
            hmm=str(ACOUSTIC_MODEL),
            dict=str(self._receptionist.dictionary),
            lm=None,
            lw=LANGUAGE_WEIGHT,
            fwdflat=False,
            cmninit=TELEPHONE_MEAN,
            loglevel="FATAL",
        )
        engine.add_lm_file(self._receptionist.name, str(self._receptionist.model))
        engine.activate_search(self._receptionist.name)
        return engine
