"""Calls that begin at a page: admitted as any other, and answered to a person's browser.

The page is given a ticket, which opens the call's stream once and within a minute. The call's own
token, which opens tools and knowledge too, stays between the planes.
"""

import secrets
from dataclasses import replace
from typing import Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import redis

from agents.editing import queries as agents_queries
from agents.queries import agent_config, config_of
from telephony import media_link
from telephony.calls import actions
from telephony.control import admission, number_table, queries, regional_redis
from telephony.control.answering import taking
from telephony.control.decisions import MediaStream
from telephony.errors import NoAgentFree
from telephony.types import BROWSER, IncomingCall
from tenants import queries as tenants_queries
from tenants.company.queries import takes_calls
from warmline.kernel import clock
from warmline.kernel.agent import AgentConfig, Limits
from warmline.kernel.ids import new_call_id
from warmline.kernel.regions import RegionCode

Wording = Literal["live", "draft"]
CallerBy = Literal["voice", "text"]
TICKET_BYTES: Final = 32
# Who writes looks things up between; a slot is held meanwhile.
WRITING_IDLE_S: Final = 180
WRITING_MAX_S: Final = 1800


def begin_call(agent_id: str | UUID, wording: Wording, *, by: CallerBy = "voice") -> MediaStream:
    """Take a call of the bound tenant's agent, by its live version or by what is being written.

    Whoever calls by text is given time to think and to write.

    `NoAgentFree` says what is full or away, `NoAgent` that there is no such version. The caller
    binds the tenant in a transaction: without its commit the slots come free by themselves.
    """
    if not takes_calls(tenants_queries.tenant()):
        raise NoAgentFree("the calls of this company are not taken")
    agent = _config(agent_id, wording)
    if by == "text":
        agent = msgspec.structs.replace(agent, limits=_for_writing(agent.limits))
    number = number_table.page_config(agent)
    open_calls, from_pages = queries.open_calls(), queries.open_page_calls()
    if from_pages >= max(1, number.max_calls // 2):
        # Whoever finds a public key shall not keep the telephone's callers out.
        raise NoAgentFree(f"{from_pages} calls from pages, half of what this company may have")
    call_id = new_call_id()
    call = IncomingCall(
        carrier=BROWSER,
        carrier_call_id=call_id,
        caller="",
        dialled=BROWSER,
        verstat="",
        at=clock.now(),
        ticket=secrets.token_urlsafe(TICKET_BYTES),
    )
    admitted = admission.admit(number, call, call_id=call_id, open_calls=open_calls)
    taken = taking.unanswered(number, call, call_id=call_id)
    actions.write_call(taking.admitted_as(taken, admitted))
    return admitted.stream


def media_origins() -> tuple[str, ...]:
    """Where pages' audio may go now: the origins of the living media processes."""
    origins: set[str] = set()

    def note(_: RegionCode, client: "redis.Redis") -> None:
        for worker in media_link.media_workers(client):
            address = urlsplit(worker.ws_url)
            origins.add(f"{address.scheme}://{address.netloc}")

    regional_redis.in_each_region(note)
    return tuple(sorted(origins))


def _for_writing(limits: Limits) -> Limits:
    return msgspec.structs.replace(
        limits,
        idle_seconds=max(limits.idle_seconds, WRITING_IDLE_S),
        max_seconds=max(limits.max_seconds, WRITING_MAX_S),
    )


def _config(agent_id: str | UUID, wording: Wording) -> AgentConfig:
    if wording == "live":
        return agent_config(agent_id)
    draft = agents_queries.draft(agent_id)
    written = replace(draft.wording, name=draft.wording.name or draft.agent_name)
    return config_of(written, version_id=f"draft-{agent_id}", agent_id=str(agent_id))
