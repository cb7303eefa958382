"""Tenants' own words: language models that are built in a process aside and kept while in use."""

import asyncio
import hashlib
import json
import os
import re
import sys
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from programs.speech_server.errors import (
    BadRequest,
    SlotsFull,
    SpeechFailed,
    where_it_failed,
)
from programs.speech_server.stt.language_model import LanguageModel

MAX_PHRASES: Final = 400
MAX_PHRASE_CHARS: Final = 120
MAX_KEPT: Final = 64
MAX_WAITING: Final = 16
BUILD_S: Final = 60.0
# nice: a live call's audio goes before the model of a call to come.
_BUILDER: Final = (
    *("nice", "-n", "5", sys.executable),
    *("-m", "programs.speech_server.stt.language_model"),
)


def phrases_of(prompt: str) -> tuple[str, ...]:
    """A prompt's phrases: what commas, semicolons, full stops and line ends divide."""
    pieces = re.split(r"[,;\n]|(?<!\b[A-Z][a-z])\.\s", prompt)
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def checked(phrases: Sequence[str]) -> tuple[str, ...]:
    """The phrases once each, within their bounds, or BadRequest."""
    if len(phrases) > MAX_PHRASES:
        raise BadRequest(
            f"expected at most {MAX_PHRASES} phrases, got {len(phrases)}", param="vocabulary"
        )
    too_long = next((phrase for phrase in phrases if len(phrase) > MAX_PHRASE_CHARS), None)
    if too_long is not None:
        expected = (
            f"expected phrases of at most {MAX_PHRASE_CHARS} characters, got one of {len(too_long)}"
        )
        raise BadRequest(expected, param="vocabulary")
    if any(not _is_text(phrase) for phrase in phrases):
        raise BadRequest("expected phrases of whole characters", param="vocabulary")
    return tuple(dict.fromkeys(phrases))


def _is_text(phrase: str) -> bool:
    """Whether it can be written: JSON may bring half a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in phrase)


class Vocabularies:
    """Builds the model of a list of phrases once and gives it to every call that has them."""

    def __init__(self, receptionist: LanguageModel, *, cache: Path, folder: Path) -> None:
        self.receptionist = receptionist
        self._cache = cache
        self._folder = folder
        self._ready: OrderedDict[str, LanguageModel] = OrderedDict()
        self._building: dict[str, asyncio.Task[LanguageModel]] = {}
        self._one_at_a_time = asyncio.Semaphore(1)

    async def ready(self, phrases: Sequence[str]) -> LanguageModel:
        """The phrases' own model, built if need be.

        SlotsFull when too many wait to be built, SpeechFailed when the build fails.
        """
        if not phrases:
            return self.receptionist
        name = _name(phrases)
        if name in self._ready:
            self._ready.move_to_end(name)
            return self._ready[name]
        if name not in self._building:
            if len(self._building) >= MAX_WAITING:
                raise SlotsFull(f"vocabularies: {MAX_WAITING} wait to be built")
            task = asyncio.create_task(self._build(name, phrases), name=f"vocabulary {name}")
            self._building[name] = task
            task.add_done_callback(lambda build: self._built(name, build))
        return await asyncio.shield(self._building[name])

    async def close(self) -> None:
        """Stop what is being built."""
        tasks = list(self._building.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _build(self, name: str, phrases: Sequence[str]) -> LanguageModel:
        order = {
            "cache": str(self._cache),
            "folder": str(self._folder),
            "name": name,
            "phrases": list(phrases),
        }
        try:
            async with self._one_at_a_time:
                returncode, errors = await _run_builder(name, json.dumps(order).encode())
        except OSError as error:  # no process to be had
            raise SpeechFailed(f"vocabulary {name}: {where_it_failed(error)}") from error
        if returncode != 0:
            raise SpeechFailed(f"vocabulary {name}: {errors[-300:]}")
        return LanguageModel(name, self._folder / f"{name}.arpa", self._folder / f"{name}.dict")

    def _built(self, name: str, build: "asyncio.Task[LanguageModel]") -> None:
        self._building.pop(name, None)
        if build.cancelled() or build.exception() is not None:
            return
        self._ready[name] = build.result()
        while len(self._ready) > MAX_KEPT:
            self._ready.popitem(last=False)


def _name(phrases: Sequence[str]) -> str:
    return "v" + hashlib.sha256("\n".join(phrases).encode()).hexdigest()[:16]


async def _run_builder(name: str, order: bytes) -> tuple[int | None, str]:
    """The builder's exit status and what it wrote to standard error."""
    process = await asyncio.create_subprocess_exec(
        *_BUILDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        async with asyncio.timeout(BUILD_S):
            _, errors = await process.communicate(order)
    except TimeoutError:
        raise SpeechFailed(f"vocabulary {name}: not built within {BUILD_S:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, errors.decode(errors="replace").strip()
