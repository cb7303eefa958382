"""One PocketSphinx decoder: telephone audio in, words out, while the caller is still speaking."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pocketsphinx

from programs.speech_server.audio import TELEPHONE_HZ, Resampler, Samples, to_pcm
from programs.speech_server.stt.language_model import LanguageModel
from programs.speech_server.stt.pronunciation import ACOUSTIC_MODEL

MODEL_HZ: Final = 16_000
# Where the cepstral mean of telephone speech lies once it is upsampled to the model's rate
# (measured over three voices): a call's first sentence is heard with it instead of with the mean of
# wide-band speech.
TELEPHONE_MEAN: Final = "36.7,21.7,-27,43,-17.5,3,12,-22,16,-11.5,4,11,-9"
LANGUAGE_WEIGHT: Final = 8.0
# The library cannot forget a word: past this the engine is made anew.
MAX_ADDED_WORDS: Final = 4_000


class Decoder:
    """One call's recogniser. Methods block while they compute; only one may run at a time."""

    def __init__(self, receptionist: LanguageModel) -> None:
        self._receptionist = receptionist
        self._resampler = Resampler(TELEPHONE_HZ, MODEL_HZ)
        self.language = receptionist.name
        self._added = 0
        self._in_utterance = False
        self._sound = True  # no computation broke off: the engine's state is known
        self._engine = self._new_engine()

    def use(self, language: LanguageModel) -> None:
        """Decode with this language model from the next utterance on.

        An engine in which something failed is made anew.
        """
        if not self._sound or self._added > MAX_ADDED_WORDS:
            self._renew()
        if language.name != self.language:
            with self._computing():
                self._load(language)

    def _load(self, language: LanguageModel) -> None:
        if language.name != self._receptionist.name:
            for entry, phones in language.entries():
                if self._engine.lookup_word(entry) is None:
                    self._engine.add_word(entry, phones, False)
                    self._added += 1
            self._engine.add_lm_file(language.name, str(language.arpa))
            self._engine.activate_search(language.name)
        else:
            self._engine.activate_search(self._receptionist.name)
        if self.language != self._receptionist.name:
            self._engine.remove_search(self.language)
        self.language = language.name

    def new_caller(self) -> None:
        """Forget the last caller: an utterance that was left unfinished, and how it sounded."""
        if not self._sound:
            self._renew()
        self._end_utterance()
        self._engine.set_cmn(TELEPHONE_MEAN)

    def begin(self) -> None:
        """A new utterance; one that was going on is thrown away."""
        self._end_utterance()
        self._resampler = Resampler(TELEPHONE_HZ, MODEL_HZ)
        with self._computing():
            self._engine.start_utt()
        self._in_utterance = True

    def feed(self, samples: Samples) -> None:
        """More of the utterance, at 8 kHz."""
        with self._computing():
            self._process(self._resampler.feed(samples))

    def partial(self) -> str:
        """The best words at this moment; later audio may still change the last of them."""
        return self._words()

    def finish(self) -> str:
        """The utterance's words; empty when none were heard."""
        with self._computing():
            self._process(self._resampler.flush())
            self._engine.end_utt()
        self._in_utterance = False
        return self._words()

    def _process(self, samples: Samples) -> None:
        if len(samples):  # the library takes no empty buffer
            self._engine.process_raw(to_pcm(samples), False, False)

    def _end_utterance(self) -> None:
        if not self._in_utterance:
            return
        try:
            self._engine.end_utt()
        except RuntimeError:  # what PocketSphinx raises
            self._renew()
        self._in_utterance = False

    def _renew(self) -> None:
        self._engine, self.language = self._new_engine(), self._receptionist.name
        self._added, self._in_utterance, self._sound = 0, False, True

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """What breaks off inside leaves the engine in no known state."""
        self._sound = False
        yield
        self._sound = True

    def _words(self) -> str:
        hypothesis = self._engine.hyp()
        return str(hypothesis.hypstr) if hypothesis is not None else ""

    def _new_engine(self) -> Any:
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
        engine.add_lm_file(self._receptionist.name, str(self._receptionist.arpa))
        engine.activate_search(self._receptionist.name)
        return engine
