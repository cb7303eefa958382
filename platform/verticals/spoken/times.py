"""Times as callers say them: "ten thirty", "half past two", "three in the afternoon"."""

from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum

from verticals.spoken.moments import moments_in
from verticals.spoken.numbers import in_words
from verticals.spoken.time_forms import SaidTime
from warmline.kernel.wall_clock import is_within

Window = tuple[time, time]
# Where nothing else tells: seven in the morning to before seven in the evening.
_DAYTIME = (time(7), time(19))
_ANY_DAY = date(2000, 1, 1)  # which day is meant does not change how a time is read


class TimeDoubt(StrEnum):
    """Why no one time is meant, as it may be told to the caller."""

    UNCLEAR = "no one time was named"
    MORNING_OR_AFTERNOON = "that time comes twice a day"

    @property
    def question(self) -> str:
        """What would settle it."""
        twice = self is TimeDoubt.MORNING_OR_AFTERNOON
        return "is that in the morning or in the afternoon?" if twice else "which time do you mean?"


def read_time(
    text: str, *, open_between: Window | None = None, day_words: str = ""
) -> time | TimeDoubt:
    """The time of day that was meant; a doubt when the words name no one time.

    Every word is used, as in `read_day`. Without "a m", "p m" or a part of the day, in the text or
    in `day_words` ("tomorrow afternoon"), the reading inside `open_between` counts, and two are a
    doubt; outside of both, seven in the morning to seven in the evening. A time in `day_words`
    stands for one that is not in the text, and must not contradict it.
    """
    beside = list(_times_in(day_words))
    parts = tuple(part for said in beside if not said.readings for part in said.parts)
    said_times = list(_times_in(text))
    if not text.strip():
        said_times, beside = beside, []
    read = {_placed(said, parts=parts, open_between=open_between) for said in said_times}
    also = {_placed(said, parts=(), open_between=open_between) for said in beside if said.readings}
    return read.pop() if len(read) == 1 and also <= read else TimeDoubt.UNCLEAR


def parse_time(
    text: str, *, open_between: Window | None = None, day_words: str = ""
) -> time | None:
    """As `read_time`, with None for a doubt."""
    at = read_time(text, open_between=open_between, day_words=day_words)
    return None if isinstance(at, TimeDoubt) else at


def time_words(at: time, *, open_between: Window | None = None) -> str:
    """The time as it is said: "ten", "half past two", "ten twenty".

    "a m" or "p m" follows where business hours would allow both.
    """
    twelve = at.hour % 12 or 12
    match at.minute:
        case 0:
            spoken = in_words(twelve)
        case 30:
            spoken = f"half past {in_words(twelve)}"
        case minute if minute < 10:
            spoken = f"{in_words(twelve)} oh {in_words(minute)}"
        case minute:
            spoken = f"{in_words(twelve)} {in_words(minute)}"
    if parse_time(spoken, open_between=open_between) == at:
        return spoken
    return f"{spoken} {'a m' if at.hour < 12 else 'p m'}"


def _times_in(text: str) -> Iterator[SaidTime]:
    for moment in moments_in(text, today=_ANY_DAY):
        yield moment.time or SaidTime()


def _placed(
    said: SaidTime, *, parts: tuple[str, ...], open_between: Window | None
) -> time | TimeDoubt:
    """The one reading that the words, the day's words and the opening hours leave."""
    readings = said.within(parts)
    if len(readings) == 1 and said.readings == readings:
        return _written_in_full(readings[0], open_between or _DAYTIME)
    if len(readings) < 2:
        return readings[0] if readings else TimeDoubt.UNCLEAR
    open_readings = [at for at in readings if open_between and _is_within(at, open_between)]
    if len(open_readings) == 1:
        return open_readings[0]
    if open_readings:
        return TimeDoubt.MORNING_OR_AFTERNOON
    return next(at for at in readings if _is_within(at, _DAYTIME))


def _written_in_full(at: time, window: Window) -> time | TimeDoubt:
    """ "02:30" is half past two at night, unless the business is open at half past two only."""
    twin = at.replace(hour=(at.hour + 12) % 24)
    in_the_night = 1 <= at.hour < 12 and not _is_within(at, window) and _is_within(twin, window)
    return TimeDoubt.MORNING_OR_AFTERNOON if in_the_night else at


def _is_within(at: time, window: Window) -> bool:
    """Whether a time lies in opening hours, which may reach over midnight."""
    return is_within(at, begins=window[0], ends=window[1])
