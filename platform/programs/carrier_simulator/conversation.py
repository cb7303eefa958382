"""One call in progress: its verbs done in order, its audio moved every 20 ms."""

import asyncio
from collections.abc import Awaitable, Callable

from programs.carrier_simulator import twiml
from programs.carrier_simulator.party import Party, Step
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.sound import FRAME_BYTES, FRAME_MS, SILENCE
from programs.carrier_simulator.stream import MediaStream
from programs.carrier_simulator.twiml import Stream, Verb
from programs.carrier_simulator.webhooks import Webhooks

# A carrier's own voice speaks about 15 characters a second.
SAY_CHARACTERS_A_SECOND = 15
# Stands for that voice: loud enough to be heard as speech, and never mistaken for the agent's.
CARRIER_VOICE = bytes((0x20, 0x20, 0xA0, 0xA0)) * (FRAME_BYTES // 4)
DIAL_ANSWER_S = 0.5
# A frame that leaves this late would be heard as jitter; the simulator itself is then too slow to
# judge by.
LATE_S = 0.1


class _CallOver(Exception):
    """The caller hung up, or the REST API ended the call: no further verb runs."""


class _TakenOver(Exception):
    """The REST API gave the call another document: what was going on stops."""


class Conversation:
    """Runs the documents that the web plane answers with, until the call ends."""

    def __init__(
        self,
        *,
        webhooks: Webhooks,
        form: dict[str, str],
        caller: Party,
        people: dict[str, tuple[Step, ...]],
        result: CallResult,
    ) -> None:
        self._webhooks, self._form, self.caller = webhooks, form, caller
        self._people, self.result = people, result
        self._forked: MediaStream | None = None
        self.stream: MediaStream | None = None
        self._ended_elsewhere = False
        self._instead: tuple[Verb, ...] | str | None = None

    async def run(self, url: str, *, answered: Callable[[dict[str, str]], Awaitable[None]]) -> None:
        """Fetch the first document and do what it says; `WebhookFailed` passes through."""
        verbs: tuple[Verb, ...] | None = twiml.parse(await self._webhooks.post(url, self._form))
        self._form["CallStatus"] = "in-progress"
        started = asyncio.get_running_loop().time()
        try:
            await answered(self._form)
            while verbs is not None:
                try:
                    verbs = await self._do_all(verbs)
                except _TakenOver:
                    verbs = await self._document_instead()
        except _CallOver:
            pass
        finally:
            if self._forked is not None:
                await self._finish(self._forked)
            self._form["CallStatus"] = "completed"
            self.result.seconds = asyncio.get_running_loop().time() - started
            self.result.said, self.result.gave_up = self.caller.said, self.caller.gave_up

    def end(self) -> None:
        """End the call from outside, as the REST API does."""
        self._ended_elsewhere = True

    def take_over(self, document: tuple[Verb, ...] | str) -> None:
        """Go on with other verbs, or with those that a URL answers with, as the REST API does."""
        self._instead = document

    async def _document_instead(self) -> tuple[Verb, ...] | None:
        document, self._instead = self._instead, None
        return await self._next(document, {}) if isinstance(document, str) else document

    async def _do_all(self, verbs: tuple[Verb, ...]) -> tuple[Verb, ...] | None:
        for verb in verbs:
            self.result.verbs.append(verb.name)
            following = await self._do(verb)
            if following is not None:
                return following
            if verb.name in {"Hangup", "Reject"}:
                return None
        return None

    async def _do(self, verb: Verb) -> tuple[Verb, ...] | None:
        match verb.name:
            case "Say":
                self.result.spoken_by_carrier.append(verb.text)
                await self._hold(len(verb.text) / SAY_CHARACTERS_A_SECOND, sound=CARRIER_VOICE)
            case "Pause":
                await self._hold(float(verb.attributes.get("length", "1")))
            case "Connect":
                assert verb.stream is not None
                await self._connect(verb.stream)
            case "Start":
                assert verb.stream is not None
                self._forked = await self._open(
                    verb.stream, both=verb.stream.track == "both_tracks"
                )
            case "Dial":
                return await self._dial(verb)
            case "Record":
                await self._hold(2.0)
                return await self._next(verb.attributes.get("action"), {"RecordingDuration": "2"})
            case "Redirect":
                return await self._next(verb.text, {})
        return None

    async def _next(self, url: str | None, extra: dict[str, str]) -> tuple[Verb, ...] | None:
        if not url:
            return None
        return twiml.parse(await self._webhooks.post(url, {**self._form, **extra}))

    async def _connect(self, stream: Stream) -> None:
        """The agent's stream: until it closes, or the caller hangs up."""
        opened = await self._open(stream, both=False)
        if opened is None:
            return
        self.stream = opened

        def tick() -> bool:
            heard = opened.play_frame()
            self._hear(heard)
            opened.send_frame(self.caller.tick(heard))
            while self.caller.keys:
                opened.press(self.caller.keys.popleft())
            return not opened.closed.is_set()

        try:
            await self._every_frame(tick)
        finally:
            self.stream = None
            await self._finish(opened)

    async def _dial(self, verb: Verb) -> tuple[Verb, ...] | None:
        """A person on the other leg, until one of the two hangs up.
        Nobody known there: no answer.
        """
        self.result.dialled.append(verb.text)
        script = self._people.get(verb.text)
        if script is None:
            await self._hold(DIAL_ANSWER_S)
            return await self._next(verb.attributes.get("action"), {"DialCallStatus": "no-answer"})
        await self._hold(DIAL_ANSWER_S)
        person, said = Party(script), [SILENCE]

        def tick() -> bool:
            from_person = person.tick(said[0])
            from_caller = said[0] = self.caller.tick(from_person)
            self._hear(from_person)
            if self._forked is not None and not self._forked.closed.is_set():
                self._forked.send_frame(from_caller)
                self._forked.send_frame(from_person, track="outbound")
            return not person.wants_to_hang_up

        await self._every_frame(tick)
        self.result.gave_up += [f"person: {why}" for why in person.gave_up]
        return await self._next(verb.attributes.get("action"), {"DialCallStatus": "completed"})

    async def _open(self, stream: Stream, *, both: bool) -> MediaStream | None:
        self.result.streams += 1
        try:
            return await MediaStream.open(
                stream,
                account_sid=self._form["AccountSid"],
                call_sid=self._form["CallSid"],
                signature=self._webhooks.sign(stream.url),
                both=both,
            )
        except (OSError, TimeoutError) as refused:
            self.result.refused.append(f"{stream.url}: {refused or type(refused).__name__}")
            return None

    async def _finish(self, stream: MediaStream) -> None:
        await stream.stop()
        self.result.underruns += stream.playout.underruns
        self.result.refused += stream.refused
        self.result.close_codes.append(stream.close_code)

    async def _hold(self, seconds: float, *, sound: bytes = SILENCE) -> None:
        """Time on the line with the carrier alone; who hangs up then is gone."""
        frames = round(seconds * 1000 / FRAME_MS)

        def tick() -> bool:
            nonlocal frames
            frames -= 1
            self._hear(sound)
            self.caller.tick(sound)
            return frames > 0

        await self._every_frame(tick)

    def _hear(self, frame: bytes) -> None:
        self.result.heard += frame

    async def _every_frame(self, tick: Callable[[], bool]) -> None:
        """Call `tick` every 20 ms on an absolute schedule until it says no;
        `_CallOver` when the call ends.
        """
        loop = asyncio.get_running_loop()
        due = loop.time()
        while tick():
            if self.caller.wants_to_hang_up:
                raise _CallOver
            if self._ended_elsewhere:
                raise _CallOver
            if self._instead is not None:
                raise _TakenOver
            due += FRAME_MS / 1000
            wait = due - loop.time()
            if wait < -LATE_S:
                self.result.late_frames += 1
            await asyncio.sleep(max(0.0, wait))
