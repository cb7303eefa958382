"""`manage.py simulate`: reads the three kinds of logs,
refuses what it cannot read, tells what it found.
"""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from inference.errors import ArrivalsError
from inference.replay.arrivals import read_arrivals, read_seconds
from warmline.kernel.env import REPOSITORY

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001  a log's clock is local
PUBLIC_CALLS = Path(__file__).parent / "public_calls"
QUICK = (
    "--policies",
    "warmline,hpa",
    "--seeds",
    "1",
    "--scale",
    "1",
    "--regions",
    "1",
    "--days",
    "1",
)


def binned(
    path: Path,
    *,
    days: int,
    step_min: int = 30,
    opens: int = 8,
    closes: int = 18,
    first: datetime = MONDAY,
) -> Path:
    """A log with opening hours every day."""
    drawn = np.random.default_rng(1)
    rows = []
    for day in range(days):
        for minute in range(opens * 60, closes * 60, step_min):
            at = first + timedelta(days=day, minutes=minute)
            rows.append(f"{at:%Y-%m-%dT%H:%M},{drawn.poisson(60)}")
    path.write_text("start,calls\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def by_district(path: Path, *, days: int) -> Path:
    """A log of single calls in two districts."""
    rows = [
        f"{MONDAY + timedelta(minutes=minute):%Y-%m-%dT%H:%M},{1 + minute // 2 % 2},1"
        for minute in range(0, days * 1440, 2)
    ]
    path.write_text("minute,district,calls\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def run(*argv: str | Path) -> str:
    out = StringIO()
    call_command("simulate", *(str(argument) for argument in argv), stdout=out)
    return out.getvalue()


def test_a_log_and_its_history_are_replayed_to_json(tmp_path: Path) -> None:
    """As later months are: two files with the same columns; the calls are the second file's."""
    history = binned(tmp_path / "history.csv", days=10)
    arrivals = binned(tmp_path / "later.csv", days=2, first=MONDAY + timedelta(days=10))
    report = json.loads(
        run(
            "--arrivals",
            arrivals,
            "--history",
            history,
            "--json",
            "-",
            "--policies",
            "warmline,hpa",
            "--seeds",
            "1",
            "--scale",
            "1",
            "--regions",
            "1",
        )
    )
    (study,) = report["studies"]
    assert study["calls"] == int(read_arrivals(arrivals).calls.sum())
    assert study["days"] == 2
    assert {point["policy"] for point in study["points"]} == {"warmline", "hpa"}
    assert study["verdict"]["savings"]


def test_without_regions_three_that_lend_and_one_alone_are_told(tmp_path: Path) -> None:
    """Both of the settings that warmth is judged by."""
    arrivals = binned(tmp_path / "log.csv", days=9)
    report = json.loads(
        run(
            "--arrivals",
            arrivals,
            "--json",
            "-",
            "--policies",
            "hpa",
            "--seeds",
            "1",
            "--scale",
            "1",
            "--days",
            "1",
        )
    )
    assert [
        (study["setting"]["regions"], study["setting"]["lend"]) for study in report["studies"]
    ] == [
        (3, True),
        (1, False),
    ]


def test_a_log_by_district_is_replayed_and_drawn(tmp_path: Path) -> None:
    """Its districts are tenants; the picture is an SVG."""
    picture = tmp_path / "frontier.svg"
    printed = run(
        "--arrivals", by_district(tmp_path / "log.csv", days=9), "--plot", picture, *QUICK
    )
    assert "Warmline" in printed
    assert "times the oracle's" in printed
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    assert read_arrivals(tmp_path / "log.csv").districts == {"1": 3240, "2": 3240}


def test_it_runs_without_any_service_or_setting(tmp_path: Path) -> None:
    """On somebody's own call log, before anything is installed."""
    arrivals = binned(tmp_path / "log.csv", days=9)
    environ = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    done = subprocess.run(
        (
            sys.executable,
            "manage.py",
            "simulate",
            "--arrivals",
            str(arrivals),
            "--json",
            "-",
            *QUICK,
        ),
        cwd=REPOSITORY,
        env=environ,
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert json.loads(done.stdout)["studies"]
    told = done.stderr.decode()
    assert "replaying 1 of 9 days in 3 worlds" not in told  # --seeds 1
    assert "replaying 1 of 9 days in 1 world" in told
    assert "10 of 10 runs, about 0 s to go\n" in told
    assert "\r" not in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "when,calls\n2026-03-02T08:00,1\n",
            "columns when,calls: expected start,calls or minute,district,calls",
        ),
        ("start,calls\n", "no rows"),
        ("start,calls\n2026-03-02T08:00,1\n", "expected at least two"),
        (
            "start,calls\n2026-03-02T08:00,1\n2026-03-02T08:30,-2\n",
            "line 3: '-2': expected a whole number from 0",
        ),
        (
            "start,calls\n2026-03-02T08:00,1\n2026-03-02T08:30,many\n",
            "line 3: 'many': expected a whole number",
        ),
        (
            "start,calls\n2026-03-02T08:00,1\n2026-03-02T08:00,2\n",
            "line 3: 2026-03-02T08:00 has 2 calls here and 1 in line 2: expected one row",
        ),
        (
            "start,calls\n2026-03-02T08:00,1\nyesterday,2\n",
            "line 3: 'yesterday': expected a local time such as",
        ),
        ("start,calls\n2026-03-02T08:00Z,1\n2026-03-02T08:30,2\n", "line 3: '2026-03-02T08:30'"),
        ("start,calls\n2026-03-02T08:00,1\n2026-03-02T08:30\n", "line 3: 1 fields: expected 2"),
        (
            "start,calls\n2026-03-02T08:00,1\n2026-03-02T08:30,1\n2026-03-02T09:30,1\n",
            "2026-03-02T08:30 and 2026-03-02T09:30: expected a row every 1800 s",
        ),
        (
            "start,calls\n2026-03-02T08:00,1\n2026-03-02T08:07,1\n",
            "bins of 420 s: expected a length that divides",
        ),
        (
            "minute,district,calls\n2026-03-02T08:00,1,1\n2026-03-04T08:00,1,1\n",
            "no row on 2026-03-03",
        ),
    ],
)
def test_a_log_that_cannot_be_right_is_refused_with_the_line(
    tmp_path: Path, text: str, reason: str
) -> None:
    """Before anything is simulated by it."""
    (path := tmp_path / "log.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ArrivalsError) as raised:
        read_arrivals(path)
    assert reason in str(raised.value)


def test_nights_and_weekends_without_rows_are_closed_but_a_day_missing_round_the_clock_is_a_gap(
    tmp_path: Path,
) -> None:
    """A log with opening hours may skip a day;
    one that runs day and night may not, unless told so.
    """
    office = binned(tmp_path / "office.csv", days=3)
    office.write_text(
        "".join(line for line in office.open(encoding="utf-8") if "2026-03-03" not in line),
        encoding="utf-8",
    )
    assert read_arrivals(office).days == 3
    clock = binned(tmp_path / "clock.csv", days=4, opens=0, closes=24)
    clock.write_text(
        "".join(line for line in clock.open(encoding="utf-8") if "2026-03-03" not in line),
        encoding="utf-8",
    )
    with pytest.raises(
        ArrivalsError, match="rows missing between 2026-03-02T23:30 and 2026-03-04T00:00"
    ):
        read_arrivals(clock)
    assert read_arrivals(clock, gaps_are_closed=True).calls[48:96].sum() == 0


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (("--policies", "warmline,guess"), "no policy 'guess'; there are: warmline, hpa"),
        (("--slots", "0"), "--slots 0: expected at least 1"),
        (("--plot", "frontier.txt"), "expected a name that ends in .svg or .png"),
        (("--start-fails", "1.5"), "expected a share"),
        (("--days", "99"), "9 days: expected more than the 99 to replay"),
        (("--hold-out-days", "9"), "9 days: expected more than the 9 to hold out"),
        (("--hold-out-days", "999"), "9 days: expected more than the 999 to hold out"),
        (("--hold-out-days", "-1"), "--hold-out-days -1: expected at least 0"),
        (("--hold-out-days", "8"), "1 days: expected more than the 1 to replay"),
        (("--slots", "99999"), "--slots 99999: expected at least 1, at most 65535"),
        (("--start-seconds", "nan"), "--start-seconds nan: expected at least 1"),
        (("--life-hours", "-1"), "--life-hours -1.0: expected at least 0"),
        (("--shift-hours", "inf"), "--shift-hours inf: expected at least -24, at most 24"),
        (("--first-seed", "-1"), "--first-seed -1: expected at least 0"),
        (("--regions", "1000"), "--regions 1000: expected at least 1, at most 24"),
        (("--time-zone", "Mars/Olympus"), "'Mars/Olympus': expected a name such as Europe/Dublin"),
        (("--time-zone", "../../etc/passwd"), "expected a name such as Europe/Dublin"),
        (("--json", "/nowhere/at/all.json"), "expected a file in a folder that can be written"),
        (("--plot", "/nowhere/at/all.svg"), "expected a file in a folder that can be written"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    tmp_path: Path, argv: tuple[str, ...], reason: str
) -> None:
    """With what was expected."""
    arrivals = binned(tmp_path / "log.csv", days=9)
    with pytest.raises(CommandError) as raised:
        run("--arrivals", arrivals, *argv)
    assert reason in str(raised.value)


def test_a_history_that_does_not_come_first_is_refused(tmp_path: Path) -> None:
    """The forecast would know the future."""
    later = binned(tmp_path / "later.csv", days=9)
    with pytest.raises(CommandError, match="expected before the arrivals"):
        run("--arrivals", later, "--history", later, *QUICK)


def test_a_real_emergency_line_is_read_to_the_last_call() -> None:
    """Three days of a county, by minute and district; most minutes have no row and no call."""
    trace = read_arrivals(PUBLIC_CALLS / "emergency_calls_per_minute.csv")
    assert (trace.days, trace.step_s) == (3, 60)
    assert (int(trace.calls.sum()), int(trace.calls.max())) == (1118, 6)
    assert len(trace.districts) == 64
    assert sum(trace.districts.values()) == 1118
    assert trace.districts["2"] == 74


def test_call_lengths_are_read(tmp_path: Path) -> None:
    """One column of seconds; nothing lasts no time at all."""
    (lengths := tmp_path / "lengths.csv").write_text("seconds\n99\n96\n7\n", encoding="utf-8")
    assert read_seconds(lengths).tolist() == [99, 96, 7]
    lengths.write_text("seconds\n99\n0\n", encoding="utf-8")
    with pytest.raises(ArrivalsError, match="line 3: '0': expected a whole number from 1"):
        read_seconds(lengths)
