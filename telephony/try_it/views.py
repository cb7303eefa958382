"""An agent is tried through the REST API: a conversation in, its answer out."""

import asyncio
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from telephony.try_it.trial import answered, checked_messages, prepare
from telephony.try_it.types import MAX_CHARACTERS, MAX_MESSAGES, TryAnswer, TryMessage
from tenants.api.operations import operation
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.context import as_tenant, current_tenant_id
from tenants.permissions import Permission


class TryMessageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something that was said."""

    role = serializers.ChoiceField(
        choices=["user", "assistant"], help_text="user: the caller; assistant: the agent"
    )
    content = serializers.CharField(max_length=MAX_CHARACTERS * 4)


class TrySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What was said so far, after the greeting; the caller's words last."""

    messages = serializers.ListField(child=TryMessageSerializer(), max_length=MAX_MESSAGES)
    version = serializers.CharField(
        required=False,
        default="draft",
        max_length=10,
        help_text="draft, live, shadow or a version's number",
    )


class TryAnswerSerializer(FrozenSerializer[TryAnswer]):
    """What the agent says and does."""

    class Meta:
        dataclass = TryAnswer


class TryAgent(TenantAPIView):
    """An agent answers in writing."""

    @operation(
        "try_agent",
        permission=Permission.AGENTS_WRITE,
        body=TrySerializer,
        answer=TryAnswerSerializer,
        asks_outside=True,
    )
    def post(self, request: Request, agent_id: UUID) -> Response:
        """Have it answer as in a call: the same prompt, knowledge, tools and model.

        Nothing is kept, and no tool that changes something is run. 503 while no model is warm.
        """
        messages = checked_messages([TryMessage(**message) for message in self.body["messages"]])
        # The model takes seconds: no transaction waits for it.
        with as_tenant(current_tenant_id()):
            trial = prepare(agent_id, self.body["version"])
        answer = asyncio.run(answered(trial, messages))
        return Response(TryAnswerSerializer(answer).data)
