"""One Whisper model in CTranslate2: an utterance's audio in, its text out. It blocks; it is shared
by threads.
"""

from collections.abc import Sequence
from typing import Final

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from programs.speech_server.audio import TELEPHONE_HZ, Samples
from programs.speech_server.stt.engine import Heard, Piece
from programs.speech_server.stt.whisper.transcript import is_speech, words_said
from warmline.kernel.log_mel import SAMPLE_RATE_HZ, doubled, log_mel
from warmline.kernel.weights import weights_file

FULL_SCALE: Final = 32_768
# Whisper was trained on windows of 30 s. Silence after the words costs time, and too little of it
# costs words: of one woman's prompts over the telephone band 29 % were wrong with 1 s, 8 with 4,
# 4 with 6, 4 with 8.
PADDING_S: Final = 6.0
# A window holds 30 s with its padding.
MAX_WINDOW_S: Final = 24.0
# Tokens: nobody says more, and a decoder that has fallen into a loop stops there.
TOKENS_A_SECOND: Final = 8
TOKENS_AT_LEAST: Final = 12
# A prompt takes at most half of the decoder's context of 448.
MAX_PROMPT_TOKENS: Final = 200
# Below this loudest sample there is nothing but a line's own noise.
QUIET: Final = 0.003
_SHORTEST_S: Final = 0.1


class WhisperModel:
    """The weights `whisper-…`, loaded once; several threads may decode at a time."""

    def __init__(self, name: str, *, threads: int) -> None:
        folder = weights_file(name).parent
        self._whisper = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._end = self._token("<|endoftext|>")
        self._previous = self._token("<|startofprev|>")
        # With its marks of time, which are thrown away, a model that has heard a sentence once
        # seldom writes it twice: 4.2 % wrong in place of 8.2 without (80 short prompts).
        self._start = [self._token("<|startoftranscript|>")]
        if self._whisper.is_multilingual:
            self._start += [self._token("<|en|>"), self._token("<|transcribe|>")]

    def prompt(self, phrases: Sequence[str]) -> tuple[int, ...]:
        """A company's words as the text before the utterance: names are written as they are there.

        What does not fit is left out, from the end on.
        """
        tokens: list[int] = []
        for phrase in phrases:
            more = self._tokenizer.encode(f" {phrase},", add_special_tokens=False).ids
            if len(tokens) + len(more) > MAX_PROMPT_TOKENS:
                break
            tokens += more
        return (self._previous, *tokens) if tokens else ()

    def hear(self, samples: Samples, prompt: tuple[int, ...] = ()) -> Heard:
        """The words of at most `MAX_WINDOW_S` at 8 kHz; none where nobody spoke."""
        seconds = len(samples) / TELEPHONE_HZ
        if seconds < _SHORTEST_S or float(np.abs(samples).max()) < QUIET * FULL_SCALE:
            return Heard("")
        silence = np.zeros(int(PADDING_S * SAMPLE_RATE_HZ), np.float32)
        wide = np.concatenate((doubled(samples / np.float32(FULL_SCALE)), silence))
        mel = np.ascontiguousarray(log_mel(wide)[None])
        before = [*prompt, *self._start]
        (found,) = self._whisper.generate(
            ctranslate2.StorageView.from_array(mel),
            [before],
            beam_size=1,
            max_length=len(before) + int(TOKENS_A_SECOND * seconds) + TOKENS_AT_LEAST,
            return_no_speech_prob=True,
            return_logits_vocab=True,
        )
        if not is_speech(found.no_speech_prob):
            return Heard("")
        logits = [np.asarray(step) for step in found.logits[0]]
        return self._heard(found.sequences_ids[0], logits, seconds=seconds)

    def _heard(
        self, tokens: Sequence[int], logits: Sequence[NDArray[np.float32]], *, seconds: float
    ) -> Heard:
        steps = [n for n, token in enumerate(tokens) if token < self._end and n < len(logits)]
        text = self._text([tokens[step] for step in steps])
        words = text.split()
        said = words_said(words, seconds=seconds)
        while steps and len(self._text([tokens[step] for step in steps]).split()) > said:
            steps.pop()
        pieces = tuple(
            Piece(self._tokenizer.decode([tokens[step]]), _logprob(logits[step], tokens[step]))
            for step in steps
        )
        return Heard(" ".join(words[:said]), pieces)

    def _text(self, tokens: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(tokens)).strip())

    def _token(self, written: str) -> int:
        token = self._tokenizer.token_to_id(written)
        assert token is not None, f"the tokenizer has no {written}"
        return int(token)


def _logprob(logits: NDArray[np.float32], token: int) -> float:
    loudest = logits.max()
    return float(logits[token] - loudest - np.log(np.exp(logits - loudest).sum()))
