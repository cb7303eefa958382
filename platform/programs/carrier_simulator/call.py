"""One call in progress: its verbs done in order, its audio moved every 20 ms."""

import asyncio
from collections.abc import Awaitable, Callable

from programs.carrier_simulator import twiml
from programs.carrier_simulator.audio import FRAME_BYTES, FRAME_MS, SILENCE
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.script import ScriptedPhone, ScriptStep
from programs.carrier_simulator.stream import SimulatedStream
from programs.carrier_simulator.twiml import TwimlStream, Verb
from programs.carrier_simulator.webhooks import Webhooks

# A carrier's own voice speaks about 15 characters a second.
SAY_CHARACTERS_A_SECOND = 15
# Stands for that voice: loud enough to be heard as speech, and never mistaken for the agent's.
CARRIER_VOICE = bytes((0x20, 0x20, 0xA0, 0xA0)) * (FRAME_BYTES // 4)
DIAL_ANSWER_S = 0.5
RECORDING_S = 2
# A frame that leaves this late would be heard as jitter; the simulator itself is then too slow to
# judge by.
LATE_S = 0.1

AnswerReport = Callable[[dict[str, str]], Awaitable[None]]


class _CallEnded(Exception):
    """The caller hung up, or the REST API ended the call: no further verb runs."""


class _CallRedirected(Exception):
    """The REST API gave the call another document: the running verb stops."""


class SimulatedCall:
    """Runs the documents that the web plane answers with, until the call ends."""

    def __init__(
        self,
        *,
        webhooks: Webhooks,
        form: dict[str, str],
        caller: ScriptedPhone,
        people: dict[str, tuple[ScriptStep, ...]],
        result: CallResult,
    ) -> None:
        self._webhooks, self._form, self.caller = webhooks, form, caller
        self._people, self.result = people, result
        self._forked: SimulatedStream | None = None
        self.stream: SimulatedStream | None = None
        self._ended_by_rest = False
        self._redirected_to: tuple[Verb, ...] | str | None = None

    async def run(self, url: str, *, report_answer: AnswerReport | None) -> None:
        """Fetch the first document and do what it says; `WebhookFailed` passes through."""
        verbs: tuple[Verb, ...] | None = twiml.parse(await self._webhooks.post(url, self._form))
        self._form["CallStatus"] = "in-progress"
        started = asyncio.get_running_loop().time()
        try:
            if report_answer is not None:
                await report_answer(self._form)
            while verbs is not None:
                try:
                    verbs = await self._do_all(verbs)
                except _CallRedirected:
                    verbs = await self._redirected_verbs()
        except _CallEnded:
            pass
        finally:
            if self._forked is not None:
                await self._close(self._forked)
            self._form["CallStatus"] = "completed"
            self.result.seconds = asyncio.get_running_loop().time() - started
            self.result.said, self.result.gave_up = self.caller.said, self.caller.gave_up

    def end(self) -> None:
        """End the call from outside, as the REST API does."""
        self._ended_by_rest = True

    def redirect(self, document: tuple[Verb, ...] | str) -> None:
        """Go on with other verbs, or with those that a URL answers with, as the REST API does."""
        self._redirected_to = document

    async def _redirected_verbs(self) -> tuple[Verb, ...] | None:
        document, self._redirected_to = self._redirected_to, None
        return await self._fetch(document, {}) if isinstance(document, str) else document

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
                both = verb.stream.track == "both_tracks"
                self._forked = await self._open(verb.stream, both=both)
            case "Dial":
                return await self._dial(verb)
            case "Record":
                await self._hold(RECORDING_S)
                outcome = {"RecordingDuration": str(RECORDING_S)}
                return await self._fetch(verb.attributes.get("action"), outcome)
            case "Redirect":
                return await self._fetch(verb.text, {})
        return None

    async def _fetch(self, url: str | None, outcome: dict[str, str]) -> tuple[Verb, ...] | None:
        if not url:
            return None
        return twiml.parse(await self._webhooks.post(url, {**self._form, **outcome}))

    async def _connect(self, element: TwimlStream) -> None:
        """The agent's stream: until it closes, or the caller hangs up."""
        stream = await self._open(element, both=False)
        if stream is None:
            return
        self.stream = stream

        def tick() -> bool:
            heard = stream.play_frame()
            self._record(heard)
            stream.send_frame(self.caller.tick(heard))
            while self.caller.keys:
                stream.press(self.caller.keys.popleft())
            return not stream.closed.is_set()

        try:
            await self._every_frame(tick)
        finally:
            self.stream = None
            await self._close(stream)

    async def _dial(self, verb: Verb) -> tuple[Verb, ...] | None:
        """A person on the other leg, until one of the two hangs up; unknown ones never answer."""
        self.result.dialled.append(verb.text)
        await self._hold(DIAL_ANSWER_S)
        script = self._people.get(verb.text)
        if script is not None:
            await self._talk(ScriptedPhone(script))
        status = "no-answer" if script is None else "completed"
        return await self._fetch(verb.attributes.get("action"), {"DialCallStatus": status})

    async def _talk(self, person: ScriptedPhone) -> None:
        from_caller = SILENCE

        def tick() -> bool:
            nonlocal from_caller
            from_person = person.tick(from_caller)
            from_caller = self.caller.tick(from_person)
            self._record(from_person)
            if self._forked is not None and not self._forked.closed.is_set():
                self._forked.send_frame(from_caller)
                self._forked.send_frame(from_person, track="outbound")
            return not person.wants_to_hang_up

        await self._every_frame(tick)

    async def _open(self, element: TwimlStream, *, both: bool) -> SimulatedStream | None:
        self.result.streams += 1
        try:
            return await SimulatedStream.open(
                element,
                account_sid=self._form["AccountSid"],
                call_sid=self._form["CallSid"],
                signature=self._webhooks.sign(element.url),
                both=both,
            )
        except (OSError, TimeoutError) as error:
            self.result.refused.append(f"{element.url}: {error or type(error).__name__}")
            return None

    async def _close(self, stream: SimulatedStream) -> None:
        await stream.stop()
        self.result.underruns += stream.playback.underruns
        self.result.refused += stream.refused
        self.result.close_codes.append(stream.close_code)

    async def _hold(self, seconds: float, *, sound: bytes = SILENCE) -> None:
        """Time on the line with the carrier alone, in which the caller may hang up."""
        frames = round(seconds * 1000 / FRAME_MS)

        def tick() -> bool:
            nonlocal frames
            frames -= 1
            self._record(sound)
            self.caller.tick(sound)
            return frames > 0

        await self._every_frame(tick)

    def _record(self, frame: bytes) -> None:
        self.result.heard += frame

    async def _every_frame(self, tick: Callable[[], bool]) -> None:
        """Call `tick` every 20 ms on an absolute schedule until it says no.

        `_CallEnded` or `_CallRedirected` when that happens meanwhile.
        """
        loop = asyncio.get_running_loop()
        due = loop.time()
        while tick():
            if self.caller.wants_to_hang_up or self._ended_by_rest:
                raise _CallEnded
            if self._redirected_to is not None:
                raise _CallRedirected
            due += FRAME_MS / 1000
            wait = due - loop.time()
            if wait < -LATE_S:
                self.result.late_frames += 1
            await asyncio.sleep(max(0.0, wait))
