"""What training is fed."""

import itertools
import random
import re
from collections import Counter

from programs.frontdesk import tokens
from programs.frontdesk.dialogues import dialogues
from programs.frontdesk.dialogues.corpus import Row, Strangers, open_words, row, spoken_words
from programs.frontdesk.dialogues.unseen import FEWEST, FIRST_SEED, unseen_tokens
from tests.programs.frontdesk.conftest import MODEL

TOKENIZER = tokens.load_tokenizer(MODEL)
COUNT = 400


def test_unseen_tokens_are_what_the_dialogues_hardly_hold() -> None:
    """Neither the caller's words nor the agent's have them often;
    many are left to stand for names.
    """
    unseen = set(unseen_tokens(TOKENIZER, count=COUNT))
    inner = {
        token for text, token in TOKENIZER.get_vocab().items() if re.fullmatch("[a-z']+", text)
    }
    shown: Counter[int] = Counter()
    for number in range(COUNT):
        stage = dialogues.FULL if number % 2 else dialogues.DRILL
        held = row(dialogues.dialogue(FIRST_SEED + number, stage=stage), tokenizer=TOKENIZER).tokens
        shown.update(
            token
            for token, after in itertools.pairwise(held)
            if token in inner or after not in inner
        )
    assert len(unseen) > 100
    assert all(shown[token] < FEWEST for token in unseen)
    phrased = {token for word in spoken_words() for token in TOKENIZER.encode(f" {word}").ids}
    whole = {
        token
        for word in open_words()
        if len(ids := TOKENIZER.encode(f" {word}").ids) == 1
        for token in ids
    }
    assert unseen.isdisjoint(phrased - whole)
    assert TOKENIZER.encode(" cough").ids[0] in unseen, (
        "it begins 'coughing', and is never a word of its own"
    )


def test_a_stranger_stands_for_a_name_throughout_a_row() -> None:
    """Wherever the name stood, and as learnt or not as it was; most strangers are unseen tokens."""
    known = Strangers(TOKENIZER)
    name, others = min(known.open), [token for token in known.starts if token not in known.open]
    unseen = set(others[:500])
    strangers, drawn, from_unseen, swapped = (
        Strangers(TOKENIZER, unseen=unseen),
        random.Random(1),
        0,
        0,
    )
    for _ in range(400):
        after = strangers.among(Row((name, 0, name), (False, True, True)), rng=drawn)
        at = after.tokens.index(0)
        assert after.tokens[:at] == after.tokens[at + 1 :]
        assert after.learnt == (*[False] * at, True, *[True] * at)
        swapped += after.tokens[:at] != (name,)
        from_unseen += after.tokens[0] in unseen
    assert from_unseen > swapped * 0.6 > 60
