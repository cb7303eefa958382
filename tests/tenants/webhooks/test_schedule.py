"""When deliveries are tried again, and how long failing endpoints rest."""

from hypothesis import given
from hypothesis import strategies as st

from tenants.webhooks.sending.schedule import (
    LONGEST_ASKED_S,
    MOST_ATTEMPTS,
    RETRY_AFTER_S,
    rest_s,
    retry_after_s,
)

DRAWN = st.floats(0, 1)


def test_a_receiver_may_be_away_for_most_of_a_day() -> None:
    """From the first attempt to the last, as it is drawn on average."""
    waits = [retry_after_s(attempts, drawn=0.5) for attempts in range(1, MOST_ATTEMPTS)]
    assert waits == list(RETRY_AFTER_S)
    assert 20 * 3600 < sum(RETRY_AFTER_S) < 26 * 3600


@given(attempts=st.integers(1, MOST_ATTEMPTS - 1), drawn=DRAWN)
def test_each_wait_is_a_fifth_longer_or_shorter_by_chance(attempts: int, drawn: float) -> None:
    """So that what failed together comes back apart."""
    wait = retry_after_s(attempts, drawn=drawn)
    assert wait is not None
    assert 0.8 <= wait / RETRY_AFTER_S[attempts - 1] <= 1.2


@given(attempts=st.integers(MOST_ATTEMPTS, 1000), drawn=DRAWN)
def test_after_the_last_attempt_there_is_none(attempts: int, drawn: float) -> None:
    """Whatever the receiver asks for."""
    assert retry_after_s(attempts, drawn=drawn, asked_s=60) is None


@given(attempts=st.integers(1, MOST_ATTEMPTS - 1), drawn=DRAWN, asked=st.floats(0, 1e12))
def test_a_receiver_may_ask_for_later_never_for_sooner(
    attempts: int, drawn: float, asked: float
) -> None:
    """Up to twelve hours."""
    own = retry_after_s(attempts, drawn=drawn)
    wait = retry_after_s(attempts, drawn=drawn, asked_s=asked)
    assert own is not None
    assert wait is not None
    assert wait >= min(asked, LONGEST_ASKED_S)
    assert own <= wait <= max(own, LONGEST_ASKED_S)


@given(failures=st.integers(1, 100_000), slow=st.booleans())
def test_an_endpoint_rests_longer_the_more_it_fails_and_never_longer_than_five_minutes(
    failures: int, slow: bool
) -> None:
    """One that lets us wait rests after the first time, others after the third in a row."""
    assert rest_s(failures, slow=slow) <= rest_s(failures + 1, slow=slow) <= 300
    assert (rest_s(failures, slow=slow) > 0) == (slow or failures >= 3)
