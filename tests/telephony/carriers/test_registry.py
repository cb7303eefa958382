"""Carriers are found by their folders, and each is reached at a path of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.urls import get_resolver

from telephony.carriers import registry
from telephony.control.decisions import Remembered

TANDEM = Path(os.environ["WARMLINE_CARRIERS"]) / "tandem"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("wss://media.example/twilio/media", "wss://media.example/tandem/media"),
        ("wss://media.example/eu/twilio/media", "wss://media.example/eu/tandem/media"),
        ("wss://media.example/tandem/media", "wss://media.example/tandem/media"),
        ("wss://media.example/as-set-up", "wss://media.example/as-set-up"),
    ],
)
def test_a_media_process_names_one_of_its_sockets(named: str, expected: str) -> None:
    """The others stand beside it; an address of the operator's own making is taken as it is."""
    assert registry.media_url(named, carrier="tandem") == expected


def test_what_was_answered_before_is_sent_word_for_word() -> None:
    """Whoever wrote it, and whatever the carrier writes today."""
    answer = Remembered("<Response><!-- of an older version --></Response>")
    assert {registry.render(answer, carrier=name) for name in registry.names()} == {answer.document}


def test_the_media_plane_finds_every_codec_without_django() -> None:
    """Those that are plugged in too, which no import contract sees."""
    script = (
        "import sys; from telephony.carriers import registry; print(sorted(registry.codecs())); "
        "assert not {'django', 'twilio'} & set(sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert answer.stdout.strip() == "['/browser/media', '/tandem/media', '/twilio/media']", (
        answer.stderr
    )


@pytest.mark.parametrize(
    ("folders", "named", "expected"),
    [
        (["a/tandem", "b/tandem"], "a:b", "one folder expected"),
        (["a/twilio"], "a", "one folder expected"),
        (["a/tandem"], "a:missing", "missing' is no folder"),
        (["a/tandem"], "a/tandem", "tandem' holds no carrier's folder"),
        (["a/api"], "a", "api': expected a name"),
        (["a/tan-dem"], "a", "tan-dem': expected a name"),
        (["a/Tandem"], "a", "Tandem': expected a name"),
        (["a/a_name_of_a_carrier"], "a", "a_name_of_a_carrier': expected a name"),
    ],
)
def test_a_folder_that_can_be_no_carrier_is_refused(
    tmp_path: Path, folders: Sequence[str], named: str, expected: str
) -> None:
    """Before the first call, in a sentence that names it."""
    for folder in folders:
        shutil.copytree(TANDEM, tmp_path / folder)
    assert expected in refusal(*(str(tmp_path / place) for place in named.split(":")))


@pytest.mark.parametrize("file", ["__init__.py", "documents.py", "stream_codec.py", "urls.py"])
def test_a_carrier_that_lacks_a_file_is_refused(tmp_path: Path, file: str) -> None:
    """Also one that the first call alone would miss."""
    shutil.copytree(TANDEM, tmp_path / "tandem")
    (tmp_path / "tandem" / file).unlink()
    assert f"tandem': it has no {file}" in refusal(str(tmp_path))


def test_carriers_folders_are_named_by_their_whole_path() -> None:
    """Each process has a working folder of its own."""
    relative = os.path.relpath(TANDEM.parent)
    assert f"{relative!r}: expected folders by their whole paths" in refusal(relative)


def test_no_carrier_takes_another_address_of_the_web_plane() -> None:
    """Its webhooks come first, and go past everything that pages need."""
    addresses = get_resolver().reverse_dict.lists()
    paths = [path for _, found in addresses for paths, *_ in found for path, _ in paths]
    first = {path.partition("/")[0] for path in paths if "/" in path}
    assert first - set(registry.names()) <= registry.TAKEN


def refusal(*places: str) -> str:
    """The last line that a process says with these carriers' folders."""
    answer = subprocess.run(
        [sys.executable, "-c", "from telephony.carriers import registry; registry.names()"],
        env=os.environ | {"WARMLINE_CARRIERS": ":".join(places)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1, answer.stdout
    return answer.stderr.splitlines()[-1]
