"""An agent that is needed no more is archived: out of lists, kept for the calls that it took.

Inside the bound tenant. Nothing of it is deleted, and it comes back as it was.
"""

from uuid import UUID

from django.db import transaction

from agents.editing.actions import held_agent
from agents.models import Agent
from agents.signals import agent_archiving
from tenants.actions import record_audit
from warmline.kernel.clock import now


def archive_agent(agent_id: str | UUID) -> None:
    """Take an agent out of use; `Conflict` while a number leads to it. Archived already, it stays.

    It is not edited, published or given to a number until it is restored.
    """
    with transaction.atomic():
        agent = held_agent(agent_id)
        if agent.archived_at is not None:
            return
        agent_archiving.send(sender=Agent, agent_id=agent.id)
        agent.archived_at = now()
        agent.save(update_fields=["archived_at"])
        record_audit(action="agent.archive", subject=str(agent.id))


def restore_agent(agent_id: str | UUID) -> None:
    """Bring an archived agent back, with its draft and the version that is live."""
    with transaction.atomic():
        agent = held_agent(agent_id)
        if agent.archived_at is None:
            return
        agent.archived_at = None
        agent.save(update_fields=["archived_at"])
        record_audit(action="agent.restore", subject=str(agent.id))
