"""Keys as a caller's words: where an entry ends, and where it stands between speech."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.audio.key_entry import MAX_KEYS, MAX_KEYS_OF_CALL, PAUSE_MS, KeyEntry


def entries(presses: str, *, pause_ms: int = 0) -> list[str]:
    """What the keys come to, each followed by a pause; a space is a long one."""
    keys, taken = KeyEntry(), []
    for key in presses:
        ends = keys.wait(PAUSE_MS) if key == " " else keys.takes(key) and keys.press(key)
        if ends or keys.wait(pause_ms):
            taken.append(keys.take())
    return taken


@pytest.mark.parametrize(
    ("presses", "said"),
    [
        ("4545#", ["4545"]),
        ("4545 ", ["4545"]),
        ("1 ", ["1"]),
        ("45#12#", ["45", "12"]),
        ("4545", []),  # goes on
        ("#", []),  # of nothing
        ("##4#", ["4"]),
        ("*", []),
        ("12*4545#", ["4545"]),  # begun anew
        ("12*#", [""]),  # taken back
        ("12* ", [""]),
        ("0#", ["0"]),
        ("4A5wß#", ["45"]),  # what no telephone has
        ("1" * MAX_KEYS, ["1" * MAX_KEYS]),
        ("1" * (MAX_KEYS + 1) + "#", ["1" * MAX_KEYS, "1"]),
    ],
)
def test_an_entry_ends_with_the_sign_a_pause_or_its_length(presses: str, said: list[str]) -> None:
    """And begins anew after a star."""
    assert entries(presses) == said


def test_a_short_pause_between_keys_ends_nothing() -> None:
    """Just below the pause, and at it."""
    assert entries("4545", pause_ms=PAUSE_MS - 1) == []
    assert entries("4545", pause_ms=PAUSE_MS) == ["4", "5", "4", "5"]


@given(presses=st.text("0123456789*# AB", max_size=600))
def test_no_flood_of_keys_is_more_than_a_call_may_press(presses: str) -> None:
    """Whatever is pressed: entries are bounded in length and in all."""
    said = entries(presses)
    assert all(len(keys) <= MAX_KEYS and (keys.isdecimal() or not keys) for keys in said)
    assert sum(len(keys) for keys in said) <= MAX_KEYS_OF_CALL
