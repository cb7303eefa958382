"""Real people's speech for measuring, fetched into `.warmline/bench/speech` and shipped nowhere.

Debian's Asterisk prompts (one woman), PocketSphinx's test data (read books), and the excerpts of
the AMI meeting corpus in pyannote.audio's source package (spontaneous, with who speaks when).
"""

import audioop
import itertools
import struct
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warmline.kernel import env

DEBIAN: Final = ("asterisk-core-sounds-en-wav",)
SOURCES: Final = {"pyannote.audio": "4.0.7", "pocketsphinx": "5.1.1"}
FETCH_S: Final = 300
FLOAT: Final = 3  # a WAV's format tag


@dataclass(frozen=True, slots=True)
class Speech:
    """A recording brought to the telephone: 8 kHz, µ-law."""

    name: str
    kind: str  # "prompts", "read", "spontaneous"
    mulaw: bytes
    ends: bool = True  # its last word is the turn's


def folder() -> Path:
    """Where it lies."""
    return env.home() / "bench" / "speech"


def fetch() -> list[str]:
    """Bring what is not there yet; what could not be brought, and why."""
    folder().mkdir(parents=True, exist_ok=True)
    left_out: list[str] = []
    for package in DEBIAN:
        if not (folder() / package).is_dir():
            left_out += _tried(package, _debian)
    for package in SOURCES:
        if not (folder() / package).is_dir():
            left_out += _tried(package, _source)
    return left_out


def _tried(package: str, bring: Callable[[str], None]) -> list[str]:
    try:
        bring(package)
    except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
        return [f"{package}: {type(error).__name__}"]
    return []


def _debian(package: str) -> None:
    _run(["apt-get", "download", package], folder())
    [archive] = folder().glob(f"{package}_*.deb")
    _run(["dpkg-deb", "-x", str(archive), package], folder())
    archive.unlink()


def _source(package: str) -> None:
    pin = f"{package}=={SOURCES[package]}"
    pip = [sys.executable, "-m", "pip"] if _has_pip() else ["pip"]
    _run([*pip, "download", "--no-deps", "--no-binary", package, pin], folder())
    [archive] = folder().glob(f"{package.replace('.', '?')}-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder() / package, filter="data")
    archive.unlink()


def _has_pip() -> bool:
    asked = [sys.executable, "-m", "pip", "--version"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def _run(command: list[str], where: Path) -> None:
    subprocess.run(command, cwd=where, check=True, capture_output=True, timeout=FETCH_S)


def prompts() -> list[Speech]:
    """Asterisk's prompts."""
    root = folder() / DEBIAN[0] / "usr/share/asterisk/sounds/en_US_f_Allison"
    return [Speech(path.stem, "prompts", telephone(path)) for path in sorted(root.glob("*.wav"))]


def read_books() -> list[Speech]:
    """Sentences of a novel."""
    root = folder() / "pocketsphinx"
    paths = sorted(root.glob("*/test/data/librivox/*.wav"))
    return [Speech(path.stem, "read", telephone(path)) for path in paths]


def meetings() -> list[Speech]:
    """What one person said in a meeting, from where nobody else speaks to where nobody does."""
    root = folder() / "pyannote.audio"
    spoken: list[Speech] = []
    for table in sorted(root.glob("*/tests/data/*.rttm")):
        recordings: dict[str, list[tuple[float, float, str]]] = {}
        for line in table.read_text(encoding="utf-8").splitlines():
            _, recording, _, start, length, _, _, speaker, *_ = line.split()
            stretch = (float(start), float(start) + float(length), speaker)
            recordings.setdefault(recording, []).append(stretch)
        for recording, stretches in recordings.items():
            path = table.parent / f"{recording}.wav"
            if not path.exists():  # one has a name that is not its table's
                continue
            mulaw = telephone(path)
            for number, (begins, ends, over) in enumerate(alone(stretches)):
                piece = mulaw[int(begins * 8000) : int(ends * 8000)]
                name = f"{recording}-{number}"
                spoken.append(Speech(name, "spontaneous", piece, ends=over))
    return spoken


def alone(
    stretches: list[tuple[float, float, str]], *, gap_s: float = 2.0, least_s: float = 1.5
) -> list[tuple[float, float, bool]]:
    """Where one person speaks and nobody else, with pauses of up to `gap_s`; whether it ends there.

    Who is joined by another in mid-sentence has not ended his turn.
    """
    moments = sorted({moment for start, end, _ in stretches for moment in (start, end)})
    pieces: list[tuple[float, float, str]] = []
    for start, end in itertools.pairwise(moments):
        speakers = {who for begins, ends, who in stretches if begins < end and ends > start}
        if len(speakers) != 1:
            continue
        [who] = speakers
        if pieces and pieces[-1][2] == who and start - pieces[-1][1] < gap_s:
            between = [
                other for other in stretches if pieces[-1][1] < other[1] and other[0] < start
            ]
            if all(other[2] == who for other in between):
                pieces[-1] = (pieces[-1][0], end, who)
                continue
        pieces.append((start, end, who))
    return [
        (
            start,
            end,
            all(who == me or other[1] <= end or other[0] >= end for *other, who in stretches),
        )
        for start, end, me in pieces
        if end - start >= least_s
    ]


def telephone(path: Path) -> bytes:
    """A WAV as the telephone carries it: one channel, 300 to 3400 Hz, at an even level."""
    samples, rate_hz = _samples(path)
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(samples.size, 1 / rate_hz)
    spectrum[(hz < 300) | (hz > 3400)] = 0
    length = round(samples.size * 8000 / rate_hz)
    narrow = np.fft.irfft(spectrum[: length // 2 + 1], length) * (length / samples.size)
    loudest = float(np.abs(narrow).max(initial=1e-3))
    linear = (narrow * 20000 / loudest).astype("<i2").tobytes()
    return audioop.lin2ulaw(linear, 2)


def _samples(path: Path) -> tuple[NDArray[np.float64], int]:
    """The first channel of a WAV of 16-bit or float samples, with its rate."""
    content = path.read_bytes()
    at, form, samples = 12, (0, 1, 0), np.zeros(0)
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        chunk = content[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = struct.unpack("<HHI", chunk[:8])
        elif name == b"data":
            kind = "<f4" if form[0] == FLOAT else "<i2"
            samples = np.frombuffer(chunk[: len(chunk) & ~3], kind).astype(np.float64)
        at += 8 + size + (size & 1)
    return samples[:: form[1]], form[2]
