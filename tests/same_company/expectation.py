"""What the reader finds of the company, however it was set up."""

from typing import Any, Final

from tenants.keys.scopes import preset_scopes, stored
from tests.same_company import description as company
from tests.same_company.reading import in_order


def _document(title: str, collection: str, text: str) -> dict[str, Any]:
    return {
        "title": title,
        "collection": collection,
        "source": "file",
        "file_name": f"{title}.md",
        "url": "",
        "media_type": "text/markdown",
        "size_bytes": len(text.encode()),
        "state": "ready",
        "problem": "",
        "advice": "",
        "pages": 0,
        "embedded": 1,
        "to_embed": 1,
        "answers": True,
        "passages": 1,
    }


def _key(name: str, scopes: list[str], origins: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "state": "live",
        "scopes": scopes,
        "lost_scopes": [],
        "origins": origins,
        "replaces": None,
    }


def _person(email: str, role: str) -> dict[str, str]:
    return {"name": email.partition("@")[0].title(), "email": email, "role": role}


_EXPECTED: Final[dict[str, Any]] = {
    "settings": {
        "slug": company.SLUG,
        "vertical": company.FOUNDED["vertical"],
        "plan": company.FOUNDED["plan"],
        "state": "open",
        "max_concurrent_calls": 20,
        **company.SETTINGS,
    },
    "hours": company.HOURS,
    "members": [
        _person(email, role)
        for email, role in ({company.OWNER: "owner"} | company.INVITED | company.PROMOTED).items()
    ],
    "invitations": [
        {"email": email, "role": role, "state": "accepted"}
        for email, role in ({company.OWNER: "owner"} | company.INVITED).items()
    ],
    "keys": [
        _key(company.KEY["name"], company.KEY["scopes"], company.KEY["origins"]),
        _key(company.FIRST_KEY, list(stored(preset_scopes("admin"))), []),
    ],
    "collections": [
        {
            "name": name,
            "description": text,
            "documents": sum(collection == name for _, collection, _ in company.DOCUMENTS),
        }
        for name, text in company.COLLECTIONS.items()
    ],
    "documents": [_document(*document) for document in company.DOCUMENTS],
    "carrier accounts": [
        {
            "carrier": "twilio",
            "kind": "own",
            "state": "open",
            "account_id": company.ACCOUNT,
            "region": "us1",
            "name": "An account",  # as the carrier calls it
            "is_trial": False,
            "key_id": "",
            "why": "",
            "numbers": 1,
        }
    ],
    "numbers": [
        {
            "e164": company.NUMBER,
            "agent": company.AGENT,
            "mode": company.NUMBER_MODE,
            "human_number": company.NUMBER_HUMAN,
            "outside": company.NUMBER_DOES["outside"],
            "hours": company.NUMBER_DOES["hours"],
            "closed_words": company.NUMBER_DOES["closed_words"],
            "carrier": "twilio",
            "region": "us1",
            "is_bought": False,
            "is_releasing": False,
        }
    ],
    "webhooks": [company.WEBHOOK | {"enabled": True, "disabled_because": ""}],
    "views": [company.VIEW | {"owner_id": None}],
    "agents": [
        {
            "name": company.AGENT,
            "live_version": 1,
            "shadow_version": None,
            "has_draft": False,
            "archived_at": None,
        }
    ],
    "versions": {
        company.AGENT: [
            {
                "version": {
                    "number": 1,
                    "state": "live",
                    "note": company.NOTE,
                    "reverted_from": None,
                },
                "agent_name": company.AGENT,
                "wording": company.WORDING | {"collections": company.KNOWS},
            }
        ]
    },
}
EXPECTED: Final = {
    name: in_order(value) if isinstance(value, list) else value for name, value in _EXPECTED.items()
}
