"""The policies that others ship, by their published rules."""

from inference.replay.engine import simulate
from inference.replay.peers import (
    PEERS,
    AwsPredictive,
    Dynamo,
    Hpa,
    Keda,
    Knative,
    Knowledge,
    RayServe,
    Static,
)
from inference.replay.study import OURS
from inference.replay.types import RegionObservation, World
from tests.inference.replay.replays import NOTHING_KNOWN, policies, replay, world


def seen(**changes: int) -> list[RegionObservation]:
    one = RegionObservation()
    for name, value in {"warm": 4, "held": 32, **changes}.items():
        setattr(one, name, value)
    return [one]


def sixteen() -> World:
    return world([], slots=16)


def test_hpa_steps_as_published() -> None:
    """4 replicas of 16 at 65 %: 60 calls want ceil(60 / 10.4) = 6;
    44 are within 10 % of 41.6 and change nothing.
    """
    assert Hpa(sixteen(), NOTHING_KNOWN, 0.65).desired(seen(held=60)) == [6]
    assert Hpa(sixteen(), NOTHING_KNOWN, 0.65).desired(seen(held=44)) == [4]


def test_hpa_at_most_doubles_and_waits_five_minutes_to_shrink() -> None:
    """From 6 replicas not above 12; down only when 300 s have wanted less."""
    assert Hpa(sixteen(), NOTHING_KNOWN, 0.65).desired(seen(warm=6, held=96, waiting=400)) == [12]
    hpa = Hpa(sixteen(), NOTHING_KNOWN, 0.65)
    assert hpa.desired(seen(at_s=0, warm=6, held=60)) == [6]
    assert hpa.desired(seen(at_s=285, warm=6, held=10)) == [6]
    assert hpa.desired(seen(at_s=315, warm=6, held=10)) == [1]


def test_keda_counts_who_waits_and_nobody_else() -> None:
    """24 in line at 5 each want 5 (21 would be within the tolerance of 4),
    64 busy slots without a queue nothing.
    """
    assert Keda(sixteen(), NOTHING_KNOWN, 5).desired(seen(held=64, waiting=24)) == [5]
    assert Keda(sixteen(), NOTHING_KNOWN, 5).desired(seen(held=64, waiting=21)) == [4]
    assert Keda(sixteen(), NOTHING_KNOWN, 5).desired(seen(warm=1, held=64)) == [1]


def test_knative_panics_at_twice_what_is_ready() -> None:
    """100 calls on one replica at 70 % want ceil(100 / 11.2) = 9 though the minute's mean is lower,
    and stay.
    """
    knative = Knative(sixteen(), NOTHING_KNOWN, 0.7)
    assert knative.desired(seen(at_s=0, warm=1, held=2)) == [1]
    assert knative.desired(seen(at_s=6, warm=1, held=16, waiting=84)) == [9]
    assert knative.desired(seen(at_s=12, warm=9, held=10)) == [9]
    assert knative.desired(seen(at_s=90, warm=9, held=10)) == [4]


def test_ray_waits_thirty_seconds_up_and_ten_minutes_down() -> None:
    """By the mean of 30 s against its target."""
    ray = RayServe(sixteen(), NOTHING_KNOWN, 8)
    wants = [ray.desired(seen(at_s=at_s, warm=2, held=32)) for at_s in range(0, 50, 10)]
    assert wants == [[2], [2], [2], [4], [2]]
    ray = RayServe(sixteen(), NOTHING_KNOWN, 8)
    down = [ray.desired(seen(at_s=at_s, warm=4, held=8))[0] for at_s in range(0, 620, 10)]
    assert down[:60] == [4] * 60
    assert down[60] == 1


def test_aws_takes_the_larger_of_the_hours_forecast_and_the_hpa() -> None:
    """40 usually busy slots at 65 % want ceil(40 / 10.4) = 4 though nobody calls;
    100 calls want ten.
    """
    usual = Knowledge(((40.0,) * 10080,), (40.0,), 0.0)
    assert AwsPredictive(sixteen(), usual, 0.65).desired(seen(warm=1, held=0)) == [4]
    assert AwsPredictive(sixteen(), usual, 0.65).desired(seen(warm=6, held=96, waiting=4)) == [10]


def test_aws_orders_five_minutes_before_the_hour() -> None:
    """The busy second hour of the week is seen at 00:55 and not at 00:54."""
    week = (0.0,) * 60 + (40.0,) * 60 + (0.0,) * 9960
    aws = AwsPredictive(sixteen(), Knowledge((week,), (40.0,), 0.0), 0.65)
    assert aws.desired(seen(at_s=54 * 60, warm=1, held=0)) == [1]
    assert aws.desired(seen(at_s=55 * 60, warm=1, held=0)) == [4]


def test_dynamo_moves_by_one_above_its_floor() -> None:
    """A floor of four; 60 calls on four replicas are more than 41.6:
    five; 20 calls on six: five.
    """
    usual = Knowledge(((40.0,) * 10080,), (40.0,), 0.0)
    assert Dynamo(sixteen(), usual, 0.65).desired(seen(warm=4, held=60)) == [5]
    assert Dynamo(sixteen(), usual, 0.65).desired(seen(warm=6, held=20)) == [5]
    assert Dynamo(sixteen(), usual, 0.65).desired(seen(warm=1, held=0)) == [4]


def test_static_is_its_share_of_the_historys_peak() -> None:
    """32 busy slots at the peak: two replicas, and three at 1.2 times."""
    assert Static(sixteen(), NOTHING_KNOWN, 1.0).desired(seen()) == [2]
    assert Static(sixteen(), NOTHING_KNOWN, 1.2).desired(seen()) == [3]


def test_every_peer_runs() -> None:
    """With at least a replica once somebody calls."""
    of = replay(days=1)
    autoscalers = dict(policies(of))
    assert set(autoscalers) == {OURS, *PEERS}
    for name, autoscaler in autoscalers.items():
        assert simulate(of.world, autoscaler).starts > 0, name
