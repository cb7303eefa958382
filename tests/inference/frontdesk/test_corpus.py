"""What training is fed."""

import random

from inference.frontdesk import dialogues, tokens
from inference.frontdesk.corpus import Row, Strangers, row
from inference.frontdesk.unseen import FIRST_SEED, unseen_tokens
from tests.inference.frontdesk.conftest import MODEL

TOKENIZER = tokens.load_tokenizer(MODEL)
COUNT = 400


def test_unseen_tokens_are_what_the_dialogues_do_not_hold() -> None:
    """Neither in the caller's words nor in the agent's; many are left to stand for names."""
    unseen = set(unseen_tokens(TOKENIZER, count=COUNT))
    shown: set[int] = set()
    for number in range(COUNT):
        stage = dialogues.FULL if number % 2 else dialogues.DRILL
        shown.update(row(dialogues.dialogue(FIRST_SEED + number, stage=stage), tokenizer=TOKENIZER).tokens)
    assert len(unseen) > 100
    assert unseen.isdisjoint(shown)


def test_a_stranger_stands_for_a_name_throughout_a_row() -> None:
    """Wherever the name stood, and as learnt or not as it was; most strangers are unseen tokens."""
    known = Strangers(TOKENIZER)
    name, others = min(known.open), [token for token in known.starts if token not in known.open]
    unseen = set(others[:500])
    strangers, drawn, from_unseen, swapped = Strangers(TOKENIZER, unseen=unseen), random.Random(1), 0, 0
    for _ in range(400):
        after = strangers.among(Row((name, 0, name), (False, True, True)), rng=drawn)
        at = after.tokens.index(0)
        assert after.tokens[:at] == after.tokens[at + 1 :]
        assert after.learnt == (*[False] * at, True, *[True] * at)
        swapped += after.tokens[:at] != (name,)
        from_unseen += after.tokens[0] in unseen
    assert from_unseen > swapped * 0.6 > 60
