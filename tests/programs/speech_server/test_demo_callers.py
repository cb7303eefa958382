"""The demo's callers are understood: what they say is what these ears write down."""

import json

import aiohttp
import pytest

from programs.carrier_simulator.audio import VOICES
from verticals.spoken.heard import heard_form

LINES: dict[str, str] = json.loads((VOICES / "lines.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LINES)
async def test_every_line_is_heard_as_it_was_said(speech: str, name: str) -> None:
    """Word for word, once figures are read as they were said."""
    form = aiohttp.FormData({"response_format": "text"})
    form.add_field("file", (VOICES / f"{name}.wav").read_bytes(), filename=f"{name}.wav")
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{speech}/v1/audio/transcriptions", data=form) as answer,
    ):
        assert answer.status == 200
        heard = heard_form(await answer.text())
    assert heard == heard_form(LINES[name])
