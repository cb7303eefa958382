"""How many replicas a pool wants, and why. Pure: the same code in production and in the simulator.

The wanted number is the largest of the layers' numbers. Each layer looks at what was observed and
says why.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from math import ceil, inf
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from inference.errors import PolicyError
from inference.warming.staffing import Expected, Group, Share, allocate
from warmline.kernel.errors import BadInput
from warmline.kernel.wall_clock import is_within, parse_local_date, parse_local_time

# A start is begun this much earlier than its measured length asks for: starts vary.
LEAD_MARGIN: Final = 1.25
# A schedule is looked through in steps no longer than this, so that a short window within the lead
# is not missed.
LOOK_STEP: Final = timedelta(minutes=5)


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Replicas wanted between two local times on some weekdays (Monday is 0).

    Over midnight when it ends earlier. A window that ends when it begins lasts 24 hours. `holidays`
    are local dates on which it does not begin. A campaign's window begins only on local dates from
    `from_date` to `until_date`, both included; empty is no bound.
    """

    days: tuple[int, ...]
    begins: str
    ends: str
    time_zone: str
    replicas: int
    holidays: tuple[str, ...] = ()
    from_date: str = ""
    until_date: str = ""


class Policy(msgspec.Struct, frozen=True):
    """What an operator wants of one pool.

    `target_occupancy` is the share of slots that calls should fill at most while no forecast keeps
    a margin. `cold_call_price` is what one call that meets a cold model costs, in hours of a
    replica; 0 leaves the forecast out. `class_replicas` is the largest class among the companies
    whose calls the pool may serve.
    """

    baseline: int = 1
    maximum: int = 1
    target_occupancy: float = 0.7
    schedule: tuple[Window, ...] = ()
    cold_call_price: float = 0.0
    class_replicas: int = 0


class Observation(msgspec.Struct, frozen=True):
    """What was seen of a pool at one moment.

    `held_peak` is the most slots leased at once over the last minutes. `held_before` is the slots
    leased `held_before_s` seconds ago, a minute or two; negative where that is not known.
    """

    pool: str
    at: datetime
    warm: int
    in_transit: int
    draining: int
    slots: int
    held: int
    held_peak: int
    start_s: float
    failures: int = 0
    retry_at: datetime | None = None
    expected: Expected | None = None
    group: Group | None = None
    held_before: int = -1
    held_before_s: float = 0.0


class Wish(msgspec.Struct, frozen=True):
    """What one layer wants, and why."""

    layer: str
    desired: int = msgspec.field(name="want")
    because: str


class Decision(msgspec.Struct, frozen=True):
    """What the pool wants: the largest wish, within its maximum, with every layer's wish kept."""

    pool: str
    desired: int = msgspec.field(name="want")
    because: str
    wishes: tuple[Wish, ...]


Layer = Callable[[Observation, Policy], Wish]


def decide(observation: Observation, policy: Policy) -> Decision:
    """The replicas wanted now, warm or on their way: the layers' largest, at most the maximum."""
    wishes = tuple(layer(observation, policy) for layer in LAYERS)
    most = max(wishes, key=lambda wish: wish.desired)
    if most.desired > policy.maximum:
        because = f"{most.because}; at most {policy.maximum}"
        return Decision(observation.pool, policy.maximum, because, wishes)
    return Decision(observation.pool, most.desired, most.because, wishes)


def baseline(observation: Observation, policy: Policy) -> Wish:  # noqa: ARG001  a layer's signature
    """Never fewer than the pool's own baseline or the largest class of a company served here."""
    if policy.class_replicas > policy.baseline:
        because = f"baseline {policy.class_replicas}, the class of a company that is served here"
        return Wish("baseline", policy.class_replicas, because)
    return Wish("baseline", policy.baseline, f"baseline {policy.baseline}")


def schedule(observation: Observation, policy: Policy) -> Wish:
    """The most that any window wants between now and when a replica started now would be warm."""
    lead = timedelta(seconds=observation.start_s * LEAD_MARGIN)
    best = Wish("schedule", 0, "no window is open")
    for window in policy.schedule:
        if window.replicas <= best.desired:
            continue
        if is_open(window, observation.at):
            because = f"open {window.begins} to {window.ends} {window.time_zone}{_dates(window)}"
            best = Wish("schedule", window.replicas, because)
        elif _opens_within(window, observation.at, lead):
            because = f"opens at {window.begins} {window.time_zone}{_dates(window)}"
            best = Wish(
                "schedule", window.replicas, f"{because}, a start takes {observation.start_s:.0f} s"
            )
    return best


def _dates(window: Window) -> str:
    since = f" from {window.from_date}" if window.from_date else ""
    return since + (f" until {window.until_date}" if window.until_date else "")


def reactive(observation: Observation, policy: Policy) -> Wish:
    """Enough replicas that leased slots fill no more than the target share, at their latest peak
    and one start from now if they go on growing as they did over the last minutes.

    A priced forecast keeps a margin of its own: beside it they may fill every slot.
    """
    forecasts = observation.expected is not None and policy.cold_call_price > 0
    soon = _held_soon(observation)
    most = max(observation.held_peak, soon)
    desired = ceil(most / (observation.slots * (1.0 if forecasts else policy.target_occupancy)))
    have = observation.warm * observation.slots
    because = f"{observation.held} of {have} slots held, {observation.held_peak} at the peak"
    if soon > observation.held_peak:
        because += (
            f", {observation.held - observation.held_before} more in "
            f"{observation.held_before_s:.0f} s: {soon:.0f} in {observation.start_s:.0f} s"
        )
    return Wish("reactive", desired, because)


def _held_soon(observation: Observation) -> float:
    """Slots leased when a replica started now would be warm, at the growth of the last minutes.

    At most twice the present ones: a burst's first minute says little of the next three. 0 without
    growth.
    """
    grown = observation.held - observation.held_before
    if observation.held_before < 0 or observation.held_before_s <= 0 or grown <= 0:
        return 0.0
    growth = grown / observation.held_before_s * observation.start_s
    return observation.held + min(growth, observation.held)


def forecast(observation: Observation, policy: Policy) -> Wish:
    """Slots enough for the calls to come, at the quantile that the two prices ask for, one start
    from now.

    Pools that lend one another slots decide on the sum of their needs, each for its own part
    (`staffing.allocate`).
    """
    expected = observation.expected
    if expected is None or policy.cold_call_price <= 0:
        return Wish("forecast", 0, "no forecast")
    have = observation.warm + observation.in_transit
    group = observation.group or Group((Share(expected, have),), 0)
    desired = allocate(group.shares, observation.slots, policy.cold_call_price)[group.own]
    slots = f"{expected.mean:.0f} slots expected in {observation.start_s:.0f} s"
    lent = f", margin shared with {len(group.shares) - 1} pools" if len(group.shares) > 1 else ""
    return Wish("forecast", desired, slots + lent)


LAYERS: Final[tuple[Layer, ...]] = (baseline, schedule, forecast, reactive)


def is_open(window: Window, at: datetime) -> bool:
    """Whether the window is open at an instant, by its time zone's wall clock."""
    local = at.astimezone(ZoneInfo(window.time_zone))
    begins, ends = parse_local_time(window.begins), parse_local_time(window.ends)
    if not is_within(local.time(), begins=begins, ends=ends):
        return False
    day = local.date() if local.time() >= begins else local.date() - timedelta(days=1)
    return _begins_on(window, day)


def _begins_on(window: Window, day: date) -> bool:
    named = day.isoformat()
    if named < window.from_date or (window.until_date and named > window.until_date):
        return False
    return day.weekday() in window.days and named not in window.holidays


def _opens_within(window: Window, at: datetime, lead: timedelta) -> bool:
    steps = max(1, ceil(lead / LOOK_STEP))
    return any(is_open(window, at + lead * (step + 1) / steps) for step in range(steps))


def check_policy(policy: Policy) -> None:
    """Refuse with `PolicyError` a policy that contradicts itself or names what does not exist."""
    if not 0 <= policy.baseline <= policy.maximum:
        raise PolicyError(
            f"baseline {policy.baseline} and maximum {policy.maximum}: "
            "expected 0 <= baseline <= maximum"
        )
    if not 0 < policy.target_occupancy <= 1:
        raise PolicyError(
            f"target occupancy {policy.target_occupancy}: expected more than 0 and at most 1"
        )
    if not 0 <= policy.cold_call_price < inf:
        raise PolicyError(
            f"price of a cold call {policy.cold_call_price}: expected 0 or more hours of a replica"
        )
    for window in policy.schedule:
        _check_window(window, policy.maximum)


def _check_window(window: Window, maximum: int) -> None:
    try:
        for text in (window.begins, window.ends):
            parse_local_time(text)
        for text in (*window.holidays, *filter(None, (window.from_date, window.until_date))):
            parse_local_date(text)
    except BadInput as error:
        raise PolicyError(f"schedule: {error}") from error
    try:
        ZoneInfo(window.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise PolicyError(f"schedule: there is no time zone {window.time_zone!r}") from None
    if not window.days or not set(window.days) <= set(range(7)):
        raise PolicyError(
            f"schedule: days {list(window.days)}: expected some of 0 (Monday) to 6 (Sunday)"
        )
    if not 0 <= window.replicas <= maximum:
        raise PolicyError(
            f"schedule: {window.replicas} replicas: expected 0 to the pool's maximum, {maximum}"
        )
    if window.from_date and window.until_date:
        _check_dates(window)


def _check_dates(window: Window) -> None:
    since, until = date.fromisoformat(window.from_date), date.fromisoformat(window.until_date)
    if since > until:
        raise PolicyError(
            f"schedule: from {since} until {until}: "
            "expected from_date to be no later than until_date"
        )
    if not any(
        _begins_on(window, since + timedelta(days=ahead))
        for ahead in range((until - since).days + 1)
    ):
        raise PolicyError(
            f"schedule: from {since} until {until}: "
            "expected one of its days there that is no holiday"
        )


def parse_policy(
    *,
    baseline: int,
    maximum: int,
    target_occupancy: float,
    schedule: Sequence[object],
    cold_call_price: float = 0.0,
    class_replicas: int = 0,
) -> Policy:
    """A checked policy from a pool's columns; `PolicyError` names what is wrong."""
    try:
        windows = msgspec.convert(list(schedule), tuple[Window, ...])
    except msgspec.ValidationError as error:
        raise PolicyError(f"schedule: {error}") from error
    policy = Policy(baseline, maximum, target_occupancy, windows, cold_call_price, class_replicas)
    check_policy(policy)
    return policy
