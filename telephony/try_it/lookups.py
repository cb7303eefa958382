"""What a try looks up: knowledge and tools that read, as its tenant, within the web plane."""

from collections.abc import Sequence

import msgspec

from agents.errors import NoAgent
from agents.runner import try_tool
from rag.queries import search_collection
from rag.types import KnowledgeHandle
from telephony.media.speech.tool_wishes import problem
from telephony.media.web_plane import PASSAGES, Found, ToolResult
from tenants.context import run_as_tenant
from verticals.grounding.conversation import evidence
from verticals.types import ToolAnswer
from warmline.kernel.call import CallPlan
from warmline.kernel.clock import now
from warmline.kernel.conversation import Message, ToolCall
from warmline.kernel.errors import BadInput


class TrialLookups:
    """The doors that a call's media process knocks at, from within."""

    def __init__(self, plan: CallPlan) -> None:
        self._tenant_id = plan.tenant_id
        self._knowledge = KnowledgeHandle(plan.agent.knowledge)

    async def passages(self, query: str) -> Found:
        """What the tenant's knowledge has on this."""
        passages = await run_as_tenant(
            self._tenant_id,
            search_collection,
            self._tenant_id,
            handle=self._knowledge,
            query=query,
            k=PASSAGES,
        )
        return Found(passages)

    async def run_tool(self, call: ToolCall, *, said: Sequence[Message]) -> ToolResult:
        """What a tool that reads answers now; what does not fit is told as in a call."""
        try:
            answer: ToolAnswer = await run_as_tenant(
                self._tenant_id,
                try_tool,
                call.name,
                call.arguments,
                said=evidence([(message.role, message.content) for message in said]),
                at=now(),
            )
        except (BadInput, NoAgent) as error:
            return ToolResult(ok=False, content=problem(str(error)))
        return ToolResult(ok=answer.ok, content=msgspec.json.encode(answer.result).decode())
