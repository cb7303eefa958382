"""An agent says first that its calls are recorded, where its company says so."""

import pytest

from agents.actions import go_live
from agents.queries import agent_config
from agents.types import Wording
from tenants.context import as_tenant
from tests.agents.conftest import Calling


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "announces", "said"),
    [
        ("en", True, "This call is recorded. Hello, this is Anna."),
        ("es-MX", True, "Esta llamada se graba. Hello, this is Anna."),
        ("de", True, "Dieses Gespräch wird aufgezeichnet. Hello, this is Anna."),
        ("fr", True, "Cet appel est enregistré. Hello, this is Anna."),
        ("en", False, "Hello, this is Anna."),
    ],
)
def test_a_call_begins_with_the_notice_in_the_agents_language(
    plumber: Calling, language: str, announces: bool, said: str
) -> None:
    """And then comes the greeting: what is left of both is said again where a caller cut it."""
    wording = Wording(
        greeting="Hello, this is Anna.", language=language, announces_recording=announces
    )
    with as_tenant(plumber.tenant_id):
        go_live(plumber.agent_id, wording=wording)
        assert agent_config(plumber.agent_id).greeting == said
