"""Call logs as people have them: each reads to the calls that happened, or is refused in a sentence
that names the line and says what to do.
"""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import ArrivalsError
from inference.replay.arrivals import read_arrivals, read_seconds
from inference.replay.trace import Trace


def on(year: int, month: int, day: int) -> datetime:
    """That day's midnight by the log's own clock."""
    return datetime(year, month, day)  # noqa: DTZ001


# Monday, 2 March 2026, half hours from eight on, with these calls.
CALLS = (3, 12, 1200, 0)
PLAIN = (
    "start,calls\n2026-03-02T08:00,3\n2026-03-02T08:30,12\n2026-03-02T09:00,1200\n"
    "2026-03-02T09:30,0\n"
)


def read(folder: Path, content: str | bytes, **options: object) -> Trace:
    path = folder / "log.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_arrivals(path, **options)  # type: ignore[arg-type]


def refusal(folder: Path, content: str | bytes, **options: object) -> str:
    with pytest.raises(ArrivalsError) as raised:
        read(folder, content, **options)
    return str(raised.value)


def rows(starts: tuple[str, ...], counts: tuple[str, ...] = ("3", "12", "1200", "0")) -> str:
    return "".join(f"{start};{count}\n" for start, count in zip(starts, counts, strict=True))


ISO = ("2026-03-02T08:00", "2026-03-02T08:30", "2026-03-02T09:00", "2026-03-02T09:30")
SPELLINGS: dict[str, str | bytes] = {
    "plain": PLAIN,
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "utf-16": PLAIN.encode("utf-16"),
    "utf-16 big endian": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "utf-16 without its mark": PLAIN.encode("utf-16-le"),
    "windows-1252": PLAIN.replace("start,calls", "start,calls,café")
    .replace("\n2026", "\n2026")
    .replace(",3\n", ",3,\n")
    .replace(",12\n", ",12,\n")
    .replace(",1200\n", ",1200,\n")
    .replace(",0\n", ",0,é\n")
    .encode("cp1252"),
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "spaces around": PLAIN.replace(",", " , "),
    "windows line ends": PLAIN.replace("\n", "\r\n"),
    "old mac line ends": PLAIN.replace("\n", "\r"),
    "quoted": '"start","calls"\n'
    + "".join(f'"{s}","{c}"\n' for s, c in zip(ISO, CALLS, strict=True)),
    "blank lines": PLAIN.replace("\n", "\n\n") + "\n,\n  \n",
    "no final line end": PLAIN.rstrip(),
    "empty columns behind": PLAIN.replace("\n", ",\n").replace("calls,", "calls"),
    "excel's separator line": "sep=;\n" + PLAIN.replace(",", ";"),
    "a title above": "Call report;;\nWeek 10;;\n\n" + "start;calls\n" + rows(ISO),
    "another order": "calls;start\n"
    + "".join(f"{c};{s}\n" for s, c in zip(ISO, CALLS, strict=True)),
    "other words": "Interval Start;Calls Offered\n" + rows(ISO),
    "german": "Beginn;Anrufe\n" + rows(ISO),
    "other columns": "site id;START_TIME;Answered;# Calls\n"
    + "".join(f"7;{s};9;{c}\n" for s, c in zip(ISO, CALLS, strict=True)),
    "decimals": "start;calls\n" + rows(ISO, ("3.0", "12.0", "1200.0", "0.0")),
    "decimal commas": "start;calls\n" + rows(ISO, ("3,0", "12,0", "1200,0", "0,0")),
    "three decimals": "start;calls\n" + rows(ISO, ("3.000", "12.000", "1200.000", "0.000")),
    "thousands": "start;calls\n" + rows(ISO, ("3", "12", "1,200", "0")),
    "thousands by points": "start;calls\n" + rows(ISO, ("3", "12", "1.200", "0")),
    "thousands by spaces": "start;calls\n" + rows(ISO, ("3", "12", "1 200", "0")),
    "thousands by narrow spaces": "start;calls\n" + rows(ISO, ("3", "12", "1\u202f200", "0")),
    "thousands and decimals": "start;calls\n" + rows(ISO, ("3.00", "12.00", "1,200.00", "0.00")),
    "thousands in quotes": 'start,calls\n"2026-03-02T08:00",3\n2026-03-02T08:30,12\n'
    '2026-03-02T09:00,"1,200"\n2026-03-02T09:30,0\n',
    "a total": PLAIN + "Total,1215\n",
    "a total in german": PLAIN.replace(",", ";") + "Summe;1215\n",
    "a total without a name": PLAIN + ",1215\n",
    "a total in words": PLAIN + "Total calls: 1215,1215\nAverage,303.75\n",
    "months in words, short": PLAIN.replace("2026-03-02T", "02-Mar-26 "),
    "no-break spaces": "start;calls\n"
    + rows(tuple(f"2 March 2026, {s[12:]}\u202fAM" for s in ISO)),
    "a date beside the start": "Date;Start Time;Calls\n" + rows(tuple(f"02/03;{s}" for s in ISO)),
    "an hour's number": "Date;Hour;Calls\n" + rows(tuple(f"2026-03-02;{s[11:]}" for s in ISO)),
    "by queue": "interval;queue;calls\n"
    + "".join(f"{s};a;{c}\n{s};b;0\n" for s, c in zip(ISO, CALLS, strict=True)),
    "seconds": PLAIN.replace(":00,", ":00:00,").replace(":30,", ":30:00,"),
    "a space for the T": PLAIN.replace("T0", " 0"),
    "fractions": PLAIN.replace(":00,", ":00:00.000,").replace(":30,", ":30:00.000,"),
    "slashes, year first": PLAIN.replace("2026-03-02T", "2026/03/02 "),
    "points": PLAIN.replace("2026-03-02T", "02.03.2026 "),
    "months in words": PLAIN.replace("2026-03-02T", "2 Mar 2026 "),
    "months first in words": "start;calls\n" + rows(tuple(f"March 2, 2026 {s[11:]}" for s in ISO)),
    "with a weekday": "start;calls\n" + rows(tuple(f"Mon, 2 Mar 2026 {s[11:]}" for s in ISO)),
    "am and pm": "start;calls\n" + rows(tuple(f"2026-03-02 {s[11:]} AM" for s in ISO)),
    "intervals": "interval;calls\n" + rows(tuple(f"2026-03-02 {s[11:]} - 10:00" for s in ISO)),
    "a date and a time": "Date;Time;Calls\n" + rows(tuple(s.replace("T", ";") for s in ISO)),
    "a date and an interval": "Date;Interval;Calls\n"
    + rows(tuple(f"2026-03-02;{s[11:]}-{s[11:]}" for s in ISO)),
    "a spreadsheet's days": "start;calls\n"
    + rows(("46083.3333333333", "46083.3541666667", "46083.375", "46083.3958333333")),
    "a spreadsheet's days with commas": "start;calls\n"
    + rows(("46083,3333333333", "46083,3541666667", "46083,375", "46083,3958333333")),
    "seconds since 1970": "timestamp;calls\n"
    + rows(("1772438400", "1772440200", "1772442000", "1772443800")),
    "milliseconds since 1970": "timestamp;calls\n"
    + rows(("1772438400000", "1772440200000", "1772442000000", "1772443800000")),
    "coordinated time": PLAIN.replace(",3", "Z,3")
    .replace(",12\n", "Z,12\n")
    .replace(",1200", "Z,1200")
    .replace(",0", "Z,0"),
    "an offset": "start;calls\n" + rows(tuple(f"{s}-05:00" for s in ISO)),
    "another order of rows": "start;calls\n"
    + "".join(f"{s};{c}\n" for s, c in reversed(list(zip(ISO, CALLS, strict=True)))),
    "a row twice": PLAIN + "2026-03-02T08:30,12\n",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_log_however_it_is_spelt_comes_to_the_same_calls(tmp_path: Path, spelling: str) -> None:
    """Three, twelve, twelve hundred and none, by half hours from eight on."""
    trace = read(tmp_path, SPELLINGS[spelling])
    assert (trace.begins, trace.step_s, trace.days) == (on(2026, 3, 2), 1800, 1)
    assert tuple(trace.calls[16:20]) == CALLS
    assert int(trace.calls.sum()) == sum(CALLS)


@pytest.mark.parametrize(
    ("spelling", "note"),
    [
        ("a total", "line 6, a total, left out"),
        ("a total without a name", "line 6, a total, left out"),
        ("a title above", "2 lines above the header left out"),
        ("windows-1252", "read as Windows-1252"),
        ("another order of rows", "were sorted"),
        ("a row twice", "1 rows that came twice left out once (line 6)"),
        ("an offset", "times are taken as written, at -0500 from UTC"),
    ],
)
def test_what_was_left_out_or_assumed_is_told(tmp_path: Path, spelling: str, note: str) -> None:
    """Nothing is dropped in silence."""
    assert note in " ".join(read(tmp_path, SPELLINGS[spelling]).notes)


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "a workbook": (
        b"PK\x03\x04" + b"\x00" * 99,
        "an Excel workbook or an archive: expected a text",
    ),
    "compressed": (b"\x1f\x8b" + b"\x00" * 99, "this is compressed: expected a text file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 9, "no text: expected a CSV file"),
    "empty": ("", "columns (none): expected start,calls"),
    "no header": ("2026-03-02T08:00,1\n2026-03-02T08:30,1\n", "expected start,calls"),
    "unknown columns": ("when,calls\n2026-03-02T08:00,1\n", "columns when,calls: expected start"),
    "no calls' column": ("start,foo\n2026-03-02T08:00,1\n", "columns start,foo: expected start"),
    "only a header": ("start,calls\n", "no rows"),
    "half calls": (PLAIN.replace(",12", ",12.5"), "line 3: '12.5': expected a whole number"),
    "half calls with a comma": (
        PLAIN.replace(",", ";").replace(";12\n", ";12,5\n"),
        "line 3: '12,5': expected a whole number",
    ),
    "thousands or decimals": (
        "start;calls\n" + rows(ISO, ("3.000", "12.000", "1.000", "2.000")),
        "line 2: '3.000' may be 3 or 3 thousand: expected whole numbers without a point",
    ),
    "an empty count": (PLAIN.replace(",12", ","), "line 3: '': expected a whole number"),
    "a word for a count": (PLAIN.replace(",12", ",n/a"), "line 3: 'n/a': expected a whole number"),
    "a negative count": (PLAIN.replace(",12", ",-12"), "line 3: '-12': expected a whole number"),
    "a huge count": (PLAIN.replace(",12\n", "," + "9" * 5000 + "\n"), "expected a whole number"),
    "a formula's error": (PLAIN.replace(",12", ",#REF!"), "line 3: '#REF!'"),
    "a total in between": (PLAIN.replace("2026-03-02T09:00,1200", "Total,15"), "line 4: 'Total'"),
    "day or month": (
        PLAIN.replace("2026-03-02T", "02/03/2026 "),
        (
            "line 2: '02/03/2026 08:00': day and month may stand in either order: "
            "expected dates such as 2016-01-23, or --dates"
        ),
    ),
    "no such day": (PLAIN.replace("2026-03-02T08:30", "2026-02-30T08:30"), "line 3"),
    "no such hour": (PLAIN.replace("T08:30", "T25:30"), "line 3: '2026-03-02T25:30'"),
    "thirteen in the afternoon": (PLAIN.replace("T08:30", " 13:30 PM"), "line 3"),
    "a zone of many meanings": (PLAIN.replace("T08:30", " 08:30 IST"), "line 3"),
    "an offset in one row": (
        PLAIN.replace("T08:30", "T08:30Z"),
        "expected an offset such as in the other rows, or none in any",
    ),
    "two counts for one start": (
        PLAIN + "2026-03-02T08:30,13\n",
        "line 6: 2026-03-02T08:30 has 13 calls here and 12 in line 3: expected one row",
    ),
    "a slip in a year": (
        PLAIN + "2062-03-02T10:00,1\n",
        "line 6: 2062-03-02T10:00 is 13149 days after line 2's",
    ),
    "a gap": (PLAIN.replace("2026-03-02T08:30,12\n", ""), "or --gaps-are-closed"),
    "an open quote": ('start,calls\n"2026-03-02T08:00,3\n', "expected a CSV file"),
    "too many fields": (PLAIN.replace(",12", ",12,5"), "line 3: 3 fields: expected 2, start,calls"),
    "calls without a time of day": ("date,from\n2026-03-02,+1\n2026-03-03,+1\n", "time of day"),
    "a weekday that is another": (PLAIN.replace("2026-03-02T", "Fri 2 Mar 2026 "), "line 2"),
    "hours from 1 to 24": (
        "date,hour,calls\n" + "".join(f"2026-03-02,{hour},1\n" for hour in range(1, 25)),
        "line 25: '2026-03-02 24': expected a local time",
    ),
    "two columns of calls": ("start,calls,calls\n2026-03-02T08:00,5,6\n", "called 'calls'"),
    "bins of a week": (
        "date,calls\n2026-03-02,1\n2026-03-09,1\n",
        "bins of 604800 s: expected a length that divides the day",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_log_that_cannot_be_read_rightly_is_refused_in_a_sentence(
    tmp_path: Path, kind: str
) -> None:
    """With its line, and what to do."""
    content, why = REFUSED[kind]
    said = refusal(tmp_path, content)
    assert why in said
    assert len(said) < 500


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("13/03/2026", "14/03/2026"), on(2026, 3, 13)),
        (("03/13/2026", "03/14/2026"), on(2026, 3, 13)),
        (("03/13/26", "03/14/26"), on(2026, 3, 13)),
        (("12/03/2026", "13/03/2026"), on(2026, 3, 12)),
        # Both orders name dates, and in one of them no day is missing.
        (("01/03/2026", "02/03/2026", "03/03/2026"), on(2026, 3, 1)),
        (("03/01/2026", "03/02/2026", "03/03/2026"), on(2026, 3, 1)),
        (("1-3-2026", "2-3-2026"), on(2026, 3, 1)),
        (("Mon 03/02/2026", "Wed 03/04/2026"), on(2026, 3, 2)),
        (("Mon 02/03/2026",), on(2026, 3, 2)),
    ],
)
def test_the_column_decides_what_is_a_month(
    tmp_path: Path, dates: tuple[str, ...], first: datetime
) -> None:
    """One order is possible, or one has every day."""
    log = "start,calls\n" + "".join(f"{day} {hour}:00,1\n" for day in dates for hour in range(24))
    trace = read(tmp_path, log, gaps_are_closed=True)
    assert (trace.begins, int(trace.calls.sum())) == (first, 24 * len(dates))


def test_the_operator_decides_where_the_column_does_not(tmp_path: Path) -> None:
    """The second of March, or the third of February."""
    log = PLAIN.replace("2026-03-02T", "02/03/2026 ")
    assert read(tmp_path, log, day_first=True).begins.month == 3
    assert read(tmp_path, log, day_first=False).begins.month == 2


def hourly(first: datetime, hours: int, *, zone: str = "", skip: tuple[str, ...] = ()) -> str:
    """An hour's log by a real clock, as that clock shows it: one call an hour."""
    clock = ZoneInfo(zone or "UTC")
    began = first.replace(tzinfo=clock).astimezone(ZoneInfo("UTC"))
    shown = [(began + timedelta(hours=hour)).astimezone(clock) for hour in range(hours)]
    lines = [f"{at:%Y-%m-%dT%H:%M},1" for at in shown if f"{at:%Y-%m-%dT%H:%M}" not in skip]
    return "start,calls\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", on(2025, 10, 26)),
        ("Europe/Berlin", on(2025, 10, 26)),
        ("America/New_York", on(2025, 11, 2)),
        ("Australia/Sydney", on(2026, 4, 5)),
    ],
)
def test_an_hour_that_repeats_in_autumn_counts_once_with_both_hours_calls(
    tmp_path: Path, zone: str, day: datetime
) -> None:
    """25 hours of that day's calls are there, and it is told."""
    trace = read(tmp_path, hourly(day, 25, zone=zone))
    assert (trace.days, int(trace.calls.sum()), int(trace.calls.max())) == (1, 25, 2)
    assert "an hour comes twice, since clocks went back" in trace.notes[0]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", on(2026, 3, 29)),
        ("America/New_York", on(2026, 3, 8)),
        ("Australia/Sydney", on(2025, 10, 5)),
    ],
)
def test_an_hour_that_is_skipped_in_spring_is_no_gap(
    tmp_path: Path, zone: str, day: datetime
) -> None:
    """No calls came in it; another missing hour of the same day is a gap."""
    trace = read(tmp_path, hourly(day, 23, zone=zone))
    assert (trace.days, int(trace.calls.sum())) == (1, 23)
    assert "since clocks went forward" in trace.notes[0]
    missing = f"{day:%Y-%m-%d}T07:00"
    assert "rows missing" in refusal(tmp_path, hourly(day, 23, zone=zone, skip=(missing,)))


def test_a_missing_hour_of_a_day_without_a_clock_change_is_a_gap(tmp_path: Path) -> None:
    """As it was."""
    day = on(2026, 5, 17)
    said = refusal(tmp_path, hourly(day, 24, skip=("2026-05-17T02:00",)))
    assert "between 2026-05-17T01:00 and 2026-05-17T03:00" in said


def test_times_with_an_offset_are_read_on_the_clock_that_is_asked_for(tmp_path: Path) -> None:
    """Eight in London is three in New York."""
    trace = read(tmp_path, SPELLINGS["coordinated time"], zone=ZoneInfo("America/New_York"))
    assert tuple(trace.calls[6:10]) == CALLS
    assert trace.notes == ()


TWILIO = """Call SID,Direction,From,To,Status,Start Time,Duration
CA03,inbound,+12125550147,+12125550100,completed,"Tue, 03 Mar 2026 08:00:59 +0000",61
CA02,outbound-api,+12125550100,+12125550199,completed,"Mon, 02 Mar 2026 09:00:00 +0000",10
CA01,inbound,+12125550148,+12125550100,no-answer,"Mon, 02 Mar 2026 08:00:41 +0000",0
CA00,inbound,+12125550147,+12125550100,completed,"Mon, 02 Mar 2026 08:00:12 +0000",61
CA00,inbound,+12125550147,+12125550100,completed,"Mon, 02 Mar 2026 08:00:12 +0000",61
"""


def test_a_carriers_export_of_single_calls_is_counted_by_the_minute(tmp_path: Path) -> None:
    """Newest first, with the company's own calls among them, and one that two exports share."""
    trace = read(tmp_path, TWILIO)
    assert (trace.step_s, trace.days, int(trace.calls.sum())) == (60, 2, 3)
    assert (trace.calls[8 * 60], trace.calls[32 * 60]) == (2, 1)
    told = " ".join(trace.notes)
    for note in ("3 calls counted by the minute", "1 outbound of 5", "1 calls that came twice"):
        assert note in told


@pytest.mark.parametrize(
    "log",
    [
        "start\n2026-03-02T08:00:12\n2026-03-02T08:00:41\n",
        "sid;date_created;duration\na;2026-03-02 08:00:12;1\nb;2026-03-02 08:00:41;1\n",
        "Date,Time,Caller\n2026-03-02,8:00:12 AM,+1\n2026-03-02,8:00:41 AM,+2\n",
        "Call Time;ANI;DNIS\n02.03.2026 08:00:12;1;2\n02.03.2026 08:00:41;1;2\n",
        "id,initiated,from\nx,2026-03-02T08:00:12.345Z,+1\ny,2026-03-02T08:00:41.9Z,+1\n",
        "Start Date (UTC),From\n1772438412,+1\n1772438441,+1\n",
    ],
)
def test_other_exports_of_single_calls_are_too(tmp_path: Path, log: str) -> None:
    """Two calls in the minute of eight o'clock."""
    trace = read(tmp_path, log)
    assert (int(trace.calls.sum()), trace.calls[8 * 60]) == (2, 2)


def test_days_without_a_call_are_asked_about(tmp_path: Path) -> None:
    """A weekend, or a file that is missing: only the operator knows."""
    log = "start\n2026-03-02T08:00:12\n2026-03-04T08:00:41\n"
    assert "no row on 2026-03-03" in refusal(tmp_path, log)
    assert read(tmp_path, log, gaps_are_closed=True).days == 3


def test_call_lengths_are_read_from_exports_too(tmp_path: Path) -> None:
    """A column of whole seconds among others, as a carrier writes them."""
    (path := tmp_path / "lengths.csv").write_bytes(
        "\ufeffCall SID;Duration (s)\nCA1;99\nCA2;1.200\nCA3;7,0\n".encode()
    )
    assert read_seconds(path).tolist() == [99, 1200, 7]


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Never a traceback."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    for content in (raw, b"start,calls\n" + raw, b"start,from\n" + raw):
        path.write_bytes(content)
        try:
            read_arrivals(path)
        except ArrivalsError:
            continue


@pytest.mark.parametrize("start", ["0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00"])
def test_a_time_that_no_clock_shows_is_refused(tmp_path: Path, start: str) -> None:
    """At either end of the calendar, on another zone's clock."""
    said = refusal(tmp_path, f"start,calls\n{start},1\n", zone=ZoneInfo("UTC"))
    assert "line 2" in said
    assert "expected a time such as" in said
