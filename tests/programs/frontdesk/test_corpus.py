"""What training is fed."""

import itertools
import random
import re
from collections import Counter

from programs.frontdesk.tokenizer import load_tokenizer
from programs.frontdesk.training.corpus import easy_and_hard, token_row
from programs.frontdesk.training.rare_tokens import FIRST_SEED, MIN_OCCURRENCES, rare_tokens
from programs.frontdesk.training.substitution import (
    Row,
    WordSubstitution,
    open_words,
    phrase_words,
)
from tests.programs.frontdesk.conftest import MODEL

TOKENIZER = load_tokenizer(MODEL)
COUNT = 400


def token_ids(word: str) -> list[int]:
    """The tokens of a word in running text."""
    return list(TOKENIZER.encode(f" {word}").ids)


def test_rare_tokens_are_what_the_dialogues_hardly_hold() -> None:
    """Neither caller nor agent says them often; many are left to stand for names."""
    rare = set(rare_tokens(TOKENIZER, count=COUNT))
    vocabulary = TOKENIZER.get_vocab()
    parts = {token for text, token in vocabulary.items() if re.fullmatch("[a-z']+", text)}
    shown: Counter[int] = Counter()
    for dialogue in easy_and_hard(FIRST_SEED, COUNT):
        tokens = token_row(dialogue, tokenizer=TOKENIZER).tokens
        shown.update(
            token
            for token, after in itertools.pairwise(tokens)
            if token in parts or after not in parts
        )
    assert len(rare) > 100
    assert all(shown[token] < MIN_OCCURRENCES for token in rare)
    in_phrases = {token for word in phrase_words() for token in token_ids(word)}
    whole = {token_ids(word)[0] for word in open_words() if len(token_ids(word)) == 1}
    assert rare.isdisjoint(in_phrases - whole)
    assert token_ids("cough")[0] in rare, "it begins 'coughing', and is never a word of its own"


def test_a_substitute_stands_for_a_name_throughout_a_row() -> None:
    """Wherever the name stood, and as learnt or not as it was; most substitutes are rare tokens."""
    known = WordSubstitution(TOKENIZER)
    name = min(known.names)
    rare = set([token for token in known.word_starts if token not in known.names][:500])
    substitution, rng = WordSubstitution(TOKENIZER, rare=rare), random.Random(1)
    from_rare, swapped = 0, 0
    for _ in range(400):
        after = substitution.apply(Row((name, 0, name), (False, True, True)), rng=rng)
        middle = after.tokens.index(0)
        assert after.tokens[:middle] == after.tokens[middle + 1 :]
        assert after.learnt == (*[False] * middle, True, *[True] * middle)
        swapped += after.tokens[:middle] != (name,)
        from_rare += after.tokens[0] in rare
    assert from_rare > swapped * 0.6 > 60
