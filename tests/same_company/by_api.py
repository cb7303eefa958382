"""The company set up by the REST API alone, through the typed client that is generated from it."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from warmline_client import AuthenticatedClient
from warmline_client.api.agents import create_agent, publish_agent, save_draft
from warmline_client.api.business_hours import set_business_hours
from warmline_client.api.carrier_accounts import connect_carrier_account
from warmline_client.api.company import change_company
from warmline_client.api.invitations import invite_member
from warmline_client.api.keys import create_api_key
from warmline_client.api.knowledge import add_document, create_collection
from warmline_client.api.members import change_member, list_members
from warmline_client.api.numbers import add_number, change_number
from warmline_client.api.views import create_view
from warmline_client.api.webhooks import create_webhook
from warmline_client.models import (
    BusinessHours,
    NewAgent,
    NewApiKey,
    NewCarrierAccount,
    NewCollection,
    NewFile,
    NewInvitation,
    NewNumber,
    NewView,
    NewWebhook,
    PatchedCompanyChanges,
    PatchedDraftChanges,
    PatchedNumberChanges,
    PatchedRole,
    Problem,
    Publish,
)
from warmline_client.types import File

from tests.same_company import description as company
from tests.telephony.numbers.conftest import OWN_TOKEN


def set_up(client: AuthenticatedClient, *, people_accept: Callable[[], None]) -> None:
    """Everything that the company decides; `people_accept` is what those do who were invited."""
    done(change_company.sync(client=client, body=PatchedCompanyChanges.from_dict(company.SETTINGS)))
    done(set_business_hours.sync(client=client, body=BusinessHours.from_dict(company.HOURS)))
    _people(client, people_accept)
    collections = _knowledge(client)
    agent_id = _agent(client, [collections[name] for name in company.KNOWS])
    _number(client, agent_id)
    done(create_webhook.sync(client=client, body=NewWebhook.from_dict(company.WEBHOOK)))
    done(create_api_key.sync(client=client, body=NewApiKey.from_dict(company.KEY)))
    done(create_view.sync(client=client, body=NewView.from_dict(company.VIEW)))


def done(answer: Any) -> Any:
    """What was answered, if it is no problem."""
    assert answer is not None
    assert not isinstance(answer, Problem), answer
    return answer


def _people(client: AuthenticatedClient, people_accept: Callable[[], None]) -> None:
    for email, role in company.INVITED.items():
        body = NewInvitation.from_dict({"email": email, "role": role})
        done(invite_member.sync(client=client, body=body))
    people_accept()
    members = {member.email: member.id for member in done(list_members.sync(client=client)).items}
    for email, role in company.PROMOTED.items():
        done(
            change_member.sync(
                members[email], client=client, body=PatchedRole.from_dict({"role": role})
            )
        )


def _knowledge(client: AuthenticatedClient) -> dict[str, UUID]:
    collections: dict[str, UUID] = {}
    for name, text in company.COLLECTIONS.items():
        body = NewCollection.from_dict({"name": name, "description": text})
        collections[name] = done(create_collection.sync(client=client, body=body)).id
    for title, collection, text in company.DOCUMENTS:
        file = File(io.BytesIO(text.encode()), f"{title}.md", "text/markdown")
        new = NewFile(file=file, title=title, collection_id=collections[collection])
        done(add_document.sync(client=client, body=new))
    return collections


def _agent(client: AuthenticatedClient, collections: list[UUID]) -> UUID:
    agent_id: UUID = done(
        create_agent.sync(client=client, body=NewAgent.from_dict({"name": company.AGENT}))
    ).id
    wording = company.WORDING | {"collections": [str(one) for one in collections]}
    body = PatchedDraftChanges.from_dict({"wording": wording, "revision": 0})
    revision = done(save_draft.sync(agent_id, client=client, body=body)).revision
    publish = Publish.from_dict({"note": company.NOTE, "version": "draft", "revision": revision})
    done(publish_agent.sync(agent_id, client=client, body=publish))
    return agent_id


def _number(client: AuthenticatedClient, agent_id: UUID) -> None:
    account = done(
        connect_carrier_account.sync(
            client=client,
            body=NewCarrierAccount.from_dict(
                {"kind": "own", "account_id": company.ACCOUNT, "auth_token": OWN_TOKEN}
            ),
        )
    )
    new = {
        "e164": company.NUMBER,
        "carrier_account_id": str(account.id),
        "agent_id": str(agent_id),
        "mode": company.NUMBER_MODE,
        "human_number": company.NUMBER_HUMAN,
    }
    number = done(add_number.sync(client=client, body=NewNumber.from_dict(new)))
    does = PatchedNumberChanges.from_dict(company.NUMBER_DOES)
    done(change_number.sync(number.id, client=client, body=does))
