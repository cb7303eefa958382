"""Calls that went wrong lately, counted across companies: no number and no word leaves this."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connections

from tenants.context import CONTROL

# How a call ends that should have ended otherwise.
TROUBLES: Final = ("no_capacity", "refused", "stream_lost", "media_failed", "too_long")

# Company by company, each by its own index.
_COUNT: Final = """
SELECT t.slug, t.name, c.region, c.end_reason, count(*), max(c.started_at)
FROM tenants_tenant t CROSS JOIN LATERAL (
    SELECT c.region, c.end_reason, c.started_at FROM telephony_call c
    WHERE c.tenant_id = t.id AND c.started_at >= %s AND c.end_reason = ANY (%s)) c
GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 3, 4 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """So many calls of a company in a region ended like this."""

    slug: str
    company: str
    region: str
    end_reason: str
    calls: int
    last_at: datetime


def call_troubles(*, since: datetime, limit: int = 100) -> Sequence[Trouble]:
    """By company, region and reason, most first; as control."""
    with connections[CONTROL].cursor() as cursor:
        cursor.execute(_COUNT, [since, list(TROUBLES), limit])
        return [Trouble(*row) for row in cursor.fetchall()]
