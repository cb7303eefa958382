"""The stages of a replica's start, read from its log. Pure."""

import re
from datetime import datetime
from typing import Final

import msgspec

# vLLM 0.32's own words (and our launcher's for `import`), each with its seconds.
_TAKEN: Final = {
    "import": re.compile(r"imported in (?P<s>[\d.]+) s"),
    "model": re.compile(r"Initializing model took (?P<s>[\d.]+) s"),
    "weights": re.compile(r"Loading weights took (?P<s>[\d.]+) s"),
    "compile": re.compile(r"torch\.compile took (?P<s>[\d.]+) s"),
    "graphs": re.compile(r"Graph capturing finished in (?P<s>[\d.]+) s"),
    "engine": re.compile(r"init engine \(.*?\) took (?P<s>[\d.]+) s"),
}
_LOADING: Final = re.compile(r"Starting to load model|Initializing a V1 LLM engine")
_STAMP: Final = re.compile(r"\b(?P<month>\d\d)-(?P<day>\d\d) (?P<clock>\d\d:\d\d:\d\d)\b")
_PAIRS: Final = {
    # From one line's stamp to another's, where the engine gives no seconds itself; to the second.
    "configure": (re.compile(r"non-default args"), _LOADING),
}
_ERROR: Final = re.compile(r"(?:^|\s)(?P<said>(?:[A-Za-z_.]*(?:Error|Exception)|usage|fatal)\b.*)$")


class StartProgress(msgspec.Struct, frozen=True):
    """How far a start has come: seconds by stage, whether it loads, and the last error said."""

    stages_s: dict[str, float]
    loading: bool
    error: str


def read_log(text: str) -> StartProgress:
    """The progress that a replica's log tells; unknown lines say nothing."""
    stages: dict[str, float] = {}
    stamps: dict[str, list[datetime]] = {}
    error = ""
    for line in text.splitlines():
        for stage, pattern in _TAKEN.items():
            if match := pattern.search(line):
                stages[stage] = float(match["s"])
        for stage, (first, last) in _PAIRS.items():
            if (stamp := _timestamp(line)) and (first.search(line) or last.search(line)):
                stamps.setdefault(stage, []).append(stamp)
        if match := _ERROR.search(line):
            error = match["said"].strip()[:300]
    for stage, times in stamps.items():
        if len(times) > 1:
            stages[stage] = (times[1] - times[0]).total_seconds()
    return StartProgress(stages, loading=_LOADING.search(text) is not None, error=error)


def _timestamp(line: str) -> datetime | None:
    match = _STAMP.search(line)
    if not match:
        return None
    try:
        # The year is not in the log and differences do not need it, but a leap day must exist.
        return datetime.fromisoformat(
            f"2024-{match['month']}-{match['day']}T{match['clock']}+00:00"
        )
    except ValueError:
        return None
