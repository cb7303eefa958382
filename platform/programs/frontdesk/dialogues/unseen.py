"""Tokens that hardly a training dialogue holds, and what stands for them: a word that the model has
never met.

Learnt like the others, such a token would only ever be pushed out of answers: with a tied embedding
its row shrinks (to 0.9 from 1.5, measured), and a caller's name that is one of these tokens is not
copied, however well the model copies (3 of 25 tool calls right; 12 with nothing but these rows
drawn anew). So their rows are not learnt. They are drawn anew every few steps from the distribution
of the rows that are, and dialogues hold them in place of names: what is learnt is to copy whatever
word stands there.

A token met now and then fares no better than one never met, so those count as unseen too; and so
does the token of a listed word that is met only as the beginning of another word.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer

from programs.frontdesk.dialogues import corpus, dialogues, render

COUNTED_DIALOGUES = 6000
FEWEST = 40  # occurrences from which on a token's row is learnt
FIRST_SEED = 500_000_000
WORD = re.compile("\u0120?[a-z']+")


def unseen_tokens(tokenizer: Tokenizer, *, count: int = COUNTED_DIALOGUES) -> list[int]:
    """Every word or part of a word that so many training dialogues hold less than `FEWEST` times,
    and no phrasing.
    """
    found, whole = Counter[int](), Counter[str]()
    for index in range(count):
        stage = dialogues.FULL if index % 2 else dialogues.DRILL
        texts = [
            text for text, _ in render.pieces(dialogues.dialogue(FIRST_SEED + index, stage=stage))
        ]
        for encoding in tokenizer.encode_batch(texts):
            found.update(encoding.ids)
        whole.update(word for text in texts for word in re.findall("[a-z']+", text))
    spoken = {token for word in corpus.spoken_words() for token in tokenizer.encode(f" {word}").ids}
    words = (token for text, token in tokenizer.get_vocab().items() if WORD.fullmatch(text))
    unseen = {token for token in words if found[token] < FEWEST and token not in spoken}
    # "cough" begins a phrasing's "coughing": learnt from that alone it was never once copied (0 of
    # 40; 29 when drawn).
    encoded = (
        tokenizer.encode(f" {word}").ids for word in corpus.open_words() if whole[word] < FEWEST
    )
    return sorted(unseen | {ids[0] for ids in encoded if len(ids) == 1})


def kept_unseen_tokens(folder: Path, tokenizer: Tokenizer) -> list[int]:
    """The same, counted once for a run's folder."""
    path = folder / "unseen.json"
    if not path.exists():
        path.write_text(json.dumps(unseen_tokens(tokenizer)), encoding="utf-8")
    return [int(token) for token in json.loads(path.read_text(encoding="utf-8"))]
