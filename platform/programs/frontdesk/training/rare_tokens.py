"""Rare tokens, which hardly a training dialogue holds, and which stand for out-of-vocabulary words.

Learnt like the others, such a token would only ever be pushed out of answers: with a tied embedding
its row shrinks (to 0.9 from 1.5, measured), and a caller's name that is one of these tokens is not
copied, however well the model copies (3 of 25 tool calls right; 12 with nothing but these rows
drawn anew). So their rows are not learnt. They are drawn anew every few steps from the distribution
of the rows that are, and dialogues hold them in place of names: what is learnt is to copy whatever
word stands there.

A token met now and then fares no better than one never met, so those count as rare too; and so does
the token of a listed word that is met only as the beginning of another word.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer

from programs.frontdesk.dialogues import render
from programs.frontdesk.training.corpus import easy_and_hard
from programs.frontdesk.training.substitution import open_words, phrase_words

COUNTED_DIALOGUES = 6000
MIN_OCCURRENCES = 40  # from which on a token's row is learnt
FIRST_SEED = 500_000_000
WORD = re.compile("\u0120?[a-z']+")


def rare_tokens(tokenizer: Tokenizer, *, count: int = COUNTED_DIALOGUES) -> list[int]:
    """The words and parts of words that no phrasing and few of `count` training dialogues hold."""
    tokens, whole_words = Counter[int](), Counter[str]()
    for dialogue in easy_and_hard(FIRST_SEED, count):
        texts = [text for text, _ in render.text_pieces(dialogue)]
        for encoding in tokenizer.encode_batch(texts):
            tokens.update(encoding.ids)
        whole_words.update(word for text in texts for word in re.findall("[a-z']+", text))
    in_phrases = {token for word in phrase_words() for token in tokenizer.encode(f" {word}").ids}
    candidates = (token for text, token in tokenizer.get_vocab().items() if WORD.fullmatch(text))
    rare = {
        token for token in candidates if tokens[token] < MIN_OCCURRENCES and token not in in_phrases
    }
    # "cough" begins a phrasing's "coughing": learnt from that alone it was never once copied (0 of
    # 40; 29 when drawn).
    for word in open_words():
        if whole_words[word] < MIN_OCCURRENCES:
            ids = tokenizer.encode(f" {word}").ids
            rare |= set(ids) if len(ids) == 1 else set()
    return sorted(rare)


def kept_rare_tokens(folder: Path, tokenizer: Tokenizer) -> list[int]:
    """The rare tokens of a training run, counted once and kept in its folder."""
    path = folder / "unseen.json"  # the name that runs under way have
    if not path.exists():
        path.write_text(json.dumps(rare_tokens(tokenizer)), encoding="utf-8")
    return [int(token) for token in json.loads(path.read_text(encoding="utf-8"))]
