"""Carriers are found by their folders, and each is reached at a path of its own."""

import subprocess
import sys

import pytest

from telephony.carriers import registry
from telephony.control.decisions import Remembered


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
    assert answer.stdout.strip() == "['/tandem/media', '/twilio/media']", answer.stderr
