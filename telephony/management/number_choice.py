"""Which number, and which agent, a command is about."""

from uuid import UUID

from django.core.management.base import CommandParser

from agents.editing.queries import agent_named as agent_of_name
from telephony.numbers import queries
from telephony.numbers.types import NumberLine
from tenants.context import as_tenant, current_tenant_id
from warmline.kernel.errors import NotFound
from warmline.kernel.phone_numbers import normal_number


def add_agent_argument(parser: CommandParser) -> None:
    """`--agent`."""
    parser.add_argument("--agent", default="", metavar="NAME", help="who answers")


def agent_named(name: str) -> UUID | None:
    """The company's agent of that name, None for no name; `NoAgent` without it."""
    if not name:
        return None
    with as_tenant(current_tenant_id()):
        return agent_of_name(name).id


def number_dialled(e164: str) -> NumberLine:
    """The company's number, however it is written; `NotFound` without it."""
    normal = normal_number(e164)
    with as_tenant(current_tenant_id()):
        number = next((line for line in queries.numbers() if line.e164 == normal), None)
    if number is None:
        raise NotFound(f"this company has no number {normal}")
    return number
