"""An agent answers in writing what a caller would say: the same prompt, tools, knowledge and model.

Nothing is kept, and no tool that changes something is run. The model is asked as a call asks it,
over the call's own ladder, without a slot: a try is one request at a time.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import aiohttp

from agents.editing import queries as agents_queries
from agents.queries import config_of
from inference.errors import NoWarmRegion, SnapshotMissing
from inference.fleet import snapshots
from inference.fleet.routing import choose_region
from inference.types import Snapshot
from telephony.control import plans
from telephony.media.replicas.errors import EveryRungFailed
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.llm import LlmClient
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.snapshot_replicas import PoolReplicas
from telephony.media.session.call_resources import CallClock
from telephony.media.session.context import Context
from telephony.media.session.shadow_reply import ShadowReply
from telephony.media.speech import phrases
from telephony.try_it.errors import FAILURES, BadTry, NoAnswer, NoModelWarm
from telephony.try_it.lookups import TrialLookups
from telephony.try_it.places import place
from telephony.try_it.telling import Teller
from telephony.try_it.types import (
    EVENT_NAMES,
    MAX_CHARACTERS,
    MAX_MESSAGES,
    ToolResult,
    TriedPassage,
    TriedSentence,
    TriedTool,
    TryAnswer,
    TryDone,
    TryEvent,
    TryFailed,
    TryMessage,
    TryTimes,
)
from tenants import queries as tenants_queries
from tenants.actions import record_audit
from tenants.context import current_tenant_id
from warmline.kernel import roles
from warmline.kernel.call import CallPlan
from warmline.kernel.conversation import Message
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import new_call_id
from warmline.kernel.text import why_unfit

# A person waits for it, and a thread of the web process too.
TRY_S: Final = 12.0
_EVENTS: Final = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """An agent's wording made ready to be asked: as a call's plan, by the pools of this moment."""

    plan: CallPlan
    snapshot: Snapshot


def prepare(agent_id: str | UUID, place: str) -> Trial:
    """An agent's draft, live or shadow version, or one by its number, ready to be asked.

    In the bound tenant. `NoModelWarm` says why none can answer now.
    """
    tenant = tenants_queries.tenant()
    wording = agents_queries.wording_at(agent_id, place)
    name = wording.name or agents_queries.agent(agent_id).name
    config = config_of(replace(wording, name=name), version_id=place)
    try:
        snapshot = snapshots.current()
        # Calls come first: a pool whose slots they hold is not asked.
        held = {pool.name: pool.held for pool in snapshot.pools if pool.role == roles.LLM}
        choice = choose_region(snapshot, "", tenant.residency, roles=(roles.LLM,), held=held)
    except (SnapshotMissing, NoWarmRegion) as error:
        raise NoModelWarm(f"no model can answer now: {error}") from error
    plan = CallPlan(
        call_id=new_call_id(),
        tenant_id=current_tenant_id(),
        carrier_call_id="",
        vertical=tenant.vertical,
        agent=config,
        region=choice.region,
        ladder=plans.ladder(snapshot, choice.within_residency, (roles.LLM,)),
        routing_because=choice.because,
        audience="screen",
        token="",
        web_url="",
    )
    record_audit(action="agent.try", subject=str(agent_id))
    return Trial(plan, snapshot)


def checked_messages(messages: Sequence[TryMessage]) -> tuple[TryMessage, ...]:
    """A conversation that ends with the caller's words; `BadTry` for anything else."""
    if not 1 <= len(messages) <= MAX_MESSAGES:
        raise BadTry(f"messages: expected 1 to {MAX_MESSAGES}", field="messages")
    for number, message in enumerate(messages):
        unfit = why_unfit(message.content, limit=MAX_CHARACTERS * 4)
        if message.role == "user":
            unfit = why_unfit(message.content, limit=MAX_CHARACTERS)
        if not message.content.strip():
            unfit = "words"
        if unfit:
            raise BadTry(
                f"messages.{number}.content: expected {unfit}", field=f"messages.{number}.content"
            )
    if messages[-1].role != "user":
        raise BadTry("messages: expected the caller's words last", field="messages")
    return tuple(messages)


async def tried(trial: Trial, messages: Sequence[TryMessage]) -> AsyncGenerator[TryEvent, None]:
    """What the agent says and does, as it comes; the last event is `TryDone` or `TryFailed`.

    Whoever stops listening ends it.
    """
    events: asyncio.Queue[TryEvent | None] = asyncio.Queue(_EVENTS)
    answering = asyncio.create_task(_answer(trial, messages, events))
    try:
        while (event := await events.get()) is not None:
            yield event
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)


async def answered(trial: Trial, messages: Sequence[TryMessage]) -> TryAnswer:
    """The whole answer; `NoModelWarm`, `TriesBusy` or `NoAnswer` where there is none."""
    heard: dict[type, list[Any]] = {kind: [] for kind in EVENT_NAMES}
    async for event in tried(trial, messages):
        if isinstance(event, TryFailed):
            raise FAILURES.get(event.code, NoAnswer)(event.why)
        heard[type(event)].append(event)
    done: TryDone = heard[TryDone][0]
    return TryAnswer(
        text=" ".join(sentence.written for sentence in heard[TriedSentence]),
        sentences=tuple(heard[TriedSentence]),
        passages=tuple(heard[TriedPassage]),
        tools=tuple(heard[TriedTool]),
        tool_results=tuple(heard[ToolResult]),
        model=done.model,
        region=done.region,
        times=done.times,
        prompt_tokens=done.prompt_tokens,
        ends_call=done.ends_call,
    )


async def _answer(
    trial: Trial, messages: Sequence[TryMessage], events: "asyncio.Queue[TryEvent | None]"
) -> None:
    try:
        with place(trial.plan.tenant_id):
            async with asyncio.timeout(TRY_S), aiohttp.ClientSession() as http:
                events.put_nowait(await _Thinking(trial, http, events).answer(messages))
    except TimeoutError:
        events.put_nowait(TryFailed(NoAnswer.code, f"there was no whole answer within {TRY_S:g} s"))
    except EveryRungFailed as error:
        events.put_nowait(TryFailed(NoModelWarm.code, f"no model can answer now: {error}"))
    except WarmlineError as error:
        events.put_nowait(TryFailed(error.code, str(error)))
    finally:
        events.put_nowait(None)


class _Moment:
    """The snapshot that the trial was made ready with."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot


class _Thinking:
    """What an unheard reply needs (`ThinkingResources`), for one answer of a trial."""

    turn = 1

    def __init__(
        self, trial: Trial, http: aiohttp.ClientSession, events: "asyncio.Queue[TryEvent | None]"
    ) -> None:
        self.plan = trial.plan
        self.clock_ms = CallClock()
        self.context = Context(trial.plan)
        self.journal = Teller(trial.plan.agent, events)
        self.web = TrialLookups(trial.plan)
        picker = ReplicaPicker(PoolReplicas(_Moment(trial.snapshot)))
        self._ladder = FailoverLadder(trial.plan, picker, lambda *_: None)
        self.llm = LlmClient(http, self._ladder, tools=trial.plan.agent.tools)

    async def answer(self, messages: Sequence[TryMessage]) -> TryDone:
        """Answer the last of the messages, after what was said before."""
        self.context.agent_said(self.plan.agent.greeting)
        for message in messages[:-1]:
            if message.role == "user":
                self.context.add([Message("user", message.content)])
            else:
                self.context.agent_said(message.content)
        reply = ShadowReply(self, text=messages[-1].content, ended_ms=self.clock_ms())
        await reply.think()
        timed, endpoint = reply.timed(), self._ladder.endpoint(roles.LLM)
        return TryDone(
            model=endpoint.model,
            region=endpoint.region,
            times=TryTimes(
                knowledge_ms=timed.retrieval_ms,
                first_token_ms=timed.first_token_ms,
                first_sentence_ms=timed.first_sentence_ms,
                total_ms=round(self.clock_ms(), 1),
            ),
            prompt_tokens=timed.prompt_tokens,
            ends_call=phrases.ends_the_call(self.journal.said),
        )
