"""Tenants' own words: their language models,
built aside in a process of its own and kept while they are in use.
"""

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

from programs.speech_server.errors import BadRequest, SlotsFull, SpeechFailed
from programs.speech_server.stt.language import Language

MAX_PHRASES: Final = 400
MAX_PHRASE_CHARS: Final = 120
MAX_KEPT: Final = 64
MAX_WAITING: Final = 16
BUILD_S: Final = 60.0
_NICE: Final = 5  # a live call's audio goes before the model of a call to come


def phrases_of(prompt: str) -> tuple[str, ...]:
    """A prompt's phrases: what stands between commas,
    semicolons, full stops followed by space, or line ends.
    """
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
    return tuple(dict.fromkeys(phrases))


class Vocabularies:
    """Builds each tenant's model once and gives it to every call that asks with the same
    phrases.
    """

    def __init__(self, receptionist: Language, *, cache: Path, folder: Path) -> None:
        self.receptionist = receptionist
        self._cache = cache
        self._folder = folder
        self._ready: OrderedDict[str, Language] = OrderedDict()
        self._building: dict[str, asyncio.Task[Language]] = {}
        self._one_at_a_time = asyncio.Semaphore(1)

    def now(self, phrases: Sequence[str]) -> Language:
        """The best model that is ready: the phrases' own one, or the receptionist's."""
        name = _name(phrases)
        if name in self._ready:
            self._ready.move_to_end(name)
        return self._ready.get(name, self.receptionist)

    async def ready(self, phrases: Sequence[str]) -> Language:
        """The phrases' own model, built if need be;
        SlotsFull when too many wait, SpeechFailed when it fails.
        """
        if not phrases:
            return self.receptionist
        name = _name(phrases)
        if name in self._ready:
            return self.now(phrases)
        if name not in self._building:
            if len(self._building) >= MAX_WAITING:
                raise SlotsFull(f"vocabularies: {MAX_WAITING} wait to be built")
            task = asyncio.create_task(self._build(name, phrases), name=f"vocabulary {name}")
            self._building[name] = task
            task.add_done_callback(lambda done: self._built(name, done))
        return await asyncio.shield(self._building[name])

    async def close(self) -> None:
        """Stop what is being built."""
        tasks = list(self._building.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _build(self, name: str, phrases: Sequence[str]) -> Language:
        order = {
            "cache": str(self._cache),
            "folder": str(self._folder),
            "name": name,
            "phrases": list(phrases),
        }
        async with self._one_at_a_time:
            process = await asyncio.create_subprocess_exec(
                *(
                    "nice",
                    "-n",
                    str(_NICE),
                    sys.executable,
                    "-m",
                    "programs.speech_server.stt.language",
                ),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            try:
                async with asyncio.timeout(BUILD_S):
                    _, said = await process.communicate(json.dumps(order).encode())
            except TimeoutError:
                raise SpeechFailed(f"vocabulary {name}: not built within {BUILD_S:.0f} s") from None
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            raise SpeechFailed(f"vocabulary {name}: {said.decode(errors='replace').strip()[-300:]}")
        return Language(name, self._folder / f"{name}.arpa", self._folder / f"{name}.dict")

    def _built(self, name: str, done: "asyncio.Task[Language]") -> None:
        self._building.pop(name, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._ready[name] = done.result()
        while len(self._ready) > MAX_KEPT:
            self._ready.popitem(last=False)


def _name(phrases: Sequence[str]) -> str:
    return "v" + hashlib.sha256("\n".join(phrases).encode()).hexdigest()[:16]
