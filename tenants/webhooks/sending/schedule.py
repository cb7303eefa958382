"""When a delivery is tried again, and how long an endpoint that fails is left alone. Pure."""

from typing import Final

# After the first attempt eight more, the last some 22 hours later: a receiver may be away for a
# night without losing anything.
RETRY_AFTER_S: Final = (5, 30, 2 * 60, 15 * 60, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
MOST_ATTEMPTS: Final = 1 + len(RETRY_AFTER_S)
# Deliveries that failed together shall not come back together.
_JITTER: Final = 0.2
# No receiver keeps a message for longer than the schedule would.
LONGEST_ASKED_S: Final = RETRY_AFTER_S[-1]
# A receiver that fails now and then is not left alone for it: three in a row are no accident.
_RESTS_FROM: Final = 3
# One that lets us wait costs a thread until the deadline: it rests after the first time.
_SLOW_REST_S: Final = 5
_LONGEST_REST_S: Final = 5 * 60
_MOST_DOUBLINGS: Final = 10  # by then the longest rest is long reached


def retry_after_s(attempts: int, *, drawn: float, asked_s: float = 0) -> float | None:
    """Seconds until the next attempt, `attempts` having failed; None when that was the last.

    `drawn` is from 0 to 1; `asked_s` is what the receiver's Retry-After says, honoured up to
    `LONGEST_ASKED_S`.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    jitter = 1 + _JITTER * (2 * drawn - 1)
    return max(RETRY_AFTER_S[attempts - 1] * jitter, min(asked_s, LONGEST_ASKED_S))


def rest_s(failures: int, *, slow: bool) -> float:
    """How long an endpoint is left alone after so many failures in a row.

    `slow` says that the last one used up its deadline.
    """
    if slow:
        return min(_SLOW_REST_S << min(failures - 1, _MOST_DOUBLINGS), _LONGEST_REST_S)
    if failures < _RESTS_FROM:
        return 0
    return min(1 << min(failures - _RESTS_FROM, _MOST_DOUBLINGS), _LONGEST_REST_S)
