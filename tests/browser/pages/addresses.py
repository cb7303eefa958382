"""The table of all pages: who opens which address, with the ids of what was made for the visit.

An address of the dashboard that answers a GET and stands neither here nor in `NO_PAGES` is a
mistake of this table.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.urls import resolve
from django.urls.resolvers import URLResolver

from dashboard import urls

# Who has no account, or is signed out.
NOBODY: Final = (
    "/sign-in",
    "/sign-up",
    "/sign-up/sent",
    "/confirm/{confirmation}",
    "/confirm/spoilt",
    "/password/reset",
    "/password/reset/sent",
    "/password/reset/{reset}",
    "/password/reset/{user}-spoilt",
    "/invitations/{invitation}",
    "/invitations/{invitation_of_account}",
    "/invitations/spoilt",
    "/mailbox/",
    "/mailbox/{mail}",
    "/api/v1/docs",
    "/nowhere",
)
# A company's pages, for its owner: with everything on them, and with nothing.
COMPANY: Final = (
    "/home/",
    "/companies/",
    "/calls/",
    "/bookings/",
    "/bookings/week",
    "/bookings/feed",
    "/agents/",
    "/agents/hours",
    "/knowledge/",
    "/knowledge/add",
    "/knowledge/collections",
    "/numbers/",
    "/numbers/add",
    "/numbers/search",
    "/numbers/connect",
    "/shadow/",
    "/usage/",
    "/company/",
    "/members/",
    "/audit/",
    "/keys/",
    "/webhooks/",
    "/widget/",
    "/webhooks/new",
    "/account/",
)
FILLED: Final = (
    "/calls/?outcome=missed&said=heater",
    "/calls/{call}",
    "/calls/{shadowed}",
    "/bookings/{booking}",
    "/bookings/week?of={booking_day}",
    "/agents/{agent}",
    "/agents/{agent}/versions",
    "/agents/{agent}/compare",
    "/agents/{agent}/talk",
    "/knowledge/add/text",
    "/knowledge/add/page",
    "/knowledge/question",
    "/knowledge/collections/{collection}",
    "/knowledge/documents/{document}",
    "/knowledge/documents/{refused}",
    "/numbers/buy",
    "/numbers/{number}",
    "/numbers/accounts/{account}/rotate",
    "/shadow/{run}",
    "/company/close",
    "/keys/new",
    "/keys/{key}",
    "/keys/{key}/rotate",
    "/webhooks/{endpoint}",
    "/webhooks/{endpoint}/edit",
    "/webhooks/{endpoint}/deliveries/{delivery}",
    "/invitations/{invitation_of_account}",
    "/company/new",
    "/account/email",
    "/account/sessions",
    "/account/delete",
    "/account/security",
    "/account/password",
    "/account/again/password",
    "/account/app",
    "/account/passkeys/add",
    "/api/v1/docs",
    "/api/v1/docs/problems",
    "/api/v1/docs/agents",
    "/agents/{nothing}",
)
# Somebody with an authenticator app, a passkey and recovery codes.
TWICE_SECURED: Final = (
    "/account/security",
    "/account/again/code",
    "/account/again/passkey",
    "/account/app/remove",
    "/account/recovery-codes",
    "/account/recovery-codes/new",
    "/account/passkeys/{passkey}/remove",
)
OPERATOR: Final = (
    "/pools/",
    "/operators/companies/",
    "/operators/companies/new",
    "/operators/companies/rivertown",
    "/operators/incidents/",
    "/operators/tasks/",
)
# After the password, before the second step.
HALF_WAY_IN: Final = ("/sign-in/code",)
# No page, though they answer a GET: the way to another page or a provider, a file, a passkey's
# question.
NO_PAGES: Final = frozenset(
    (
        *("", "calls/export/<str:file>", "sign-in/passkey", "sign-in/sso", "sign-in/sso/callback"),
        # What a page asks for while a test call rings.
        "numbers/<uuid:number_id>/ring",
        # On to the first agent.
        "talk/",
    )
)
# Forms of which nothing is filled in, with the button that sends them.
REFUSED: Final = (
    ("/knowledge/add", "Add"),
    ("/webhooks/new", "Add endpoint"),
    ("/keys/new", "Make the key"),
    ("/numbers/connect", "Connect"),
    ("/agents/", "Create agent"),
)
NOWHERE: Final = ("/nowhere",)
_ID: Final = "01a22451-7722-7876-97ce-f1540842d6fb"
_FILLERS: Final = re.compile(r"\{(\w+)\}")
VISITS: Final = (*NOBODY, *COMPANY, *FILLED, *TWICE_SECURED, *OPERATOR, *HALF_WAY_IN)


def routes() -> frozenset[str]:
    """Every address of the dashboard, as its URL tables have it."""
    return frozenset(_routes(urls.urlpatterns, prefix=""))


def _routes(patterns: Iterable[Any], *, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, prefix=route)
        else:
            yield route


def visited() -> frozenset[str]:
    """The rows of the URL tables that the visits of this table lead to."""
    paths = (path.partition("?")[0] for path in VISITS)
    return frozenset(
        resolve(_FILLERS.sub(_like_an_id, path)).route for path in paths if path not in NOWHERE
    )


def example(route: str) -> str:
    """An address that this row of the URL tables answers."""
    return "/" + re.sub(
        r"<(\w+):\w+>", lambda kind: {"uuid": _ID, "int": "1"}.get(kind[1], "x"), route
    )


def _like_an_id(name: re.Match[str]) -> str:
    """Something of the form that the URL tables ask for in this place."""
    key = _ID.replace("-", "")
    return {"passkey": "1", "reset": f"{key}-key", "user": key}.get(name[1], _ID)
