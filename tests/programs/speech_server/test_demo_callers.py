"""The demo's callers are understood: what they say is what these ears write down."""

import json
from pathlib import Path

import aiohttp
import pytest

from programs.carrier_simulator.audio import SILENCE, VOICES, voice, write_wav
from verticals.spoken.heard import heard_form

LINES: dict[str, str] = json.loads((VOICES / "lines.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LINES)
async def test_every_line_is_heard_as_it_was_said(speech: str, name: str, tmp_path: Path) -> None:
    """Word for word, once figures are read as they were said; a caller sends the voiced frames."""
    sent = tmp_path / "sent.wav"
    write_wav(sent, b"".join(voice(name).frames) + SILENCE * 15)
    form = aiohttp.FormData({"response_format": "text"})
    form.add_field("file", sent.read_bytes(), filename=sent.name)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{speech}/v1/audio/transcriptions", data=form) as answer,
    ):
        assert answer.status == 200
        heard = heard_form(await answer.text())
    assert heard == heard_form(LINES[name])
