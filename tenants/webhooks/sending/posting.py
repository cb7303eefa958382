"""One try: a signed POST to an address of a company's, and what came of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from warmline.kernel.errors import WarmlineError
from warmline.kernel.outbound.public_http import Answer, open_public
from warmline.kernel.text import fitted

DEADLINE_S: Final = 15.0
# Of an answer no more is read, and the beginning kept: it may hold what is nobody's business.
MOST_READ: Final = 64 * 1024
MOST_KEPT: Final = 1000
# A failure that took so long is one that lets us wait.
SLOW_MS: Final = 5000
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try; `status` is None when nobody answered in HTTP, `error` says why."""

    at: datetime
    duration_ms: int
    status: int | None = None
    error: str = ""
    excerpt: str = ""
    asked_s: float = 0

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing ever again."""
        return self.status == GONE

    @property
    def is_slow(self) -> bool:
        """Whether it failed by letting us wait."""
        return not self.is_success and self.duration_ms >= SLOW_MS


def post(url: str, body: bytes, *, headers: Mapping[str, str], at: datetime) -> Outcome:
    """Post once, within `DEADLINE_S`; redirects are not followed. It raises nothing."""
    began = time.monotonic()
    status, error, excerpt, asked_s = None, "", "", 0.0
    try:
        answer = open_public(
            url,
            method="POST",
            headers=headers,
            body=body,
            timeout_s=DEADLINE_S,
            max_bytes=MOST_READ,
        )
    except WarmlineError as refusal:
        error = str(refusal)
    else:
        status, error, excerpt = answer.status, _complaint(answer), _excerpt(answer.body)
        asked_s = _asked_s(answer.headers.get("retry-after", ""), at=at)
    duration_ms = round(1000 * (time.monotonic() - began))
    return Outcome(at, duration_ms, status, fitted(error, limit=300), excerpt, asked_s)


def _complaint(answer: Answer) -> str:
    if 300 <= answer.status < 400:
        return "a redirect: expected 2xx; redirects are not followed, give the address it leads to"
    if answer.status == GONE:
        return "410: it wants nothing any more"
    return "" if 200 <= answer.status < 300 else "expected 2xx"


def _excerpt(body: bytes) -> str:
    return fitted(body[:MOST_KEPT].decode(errors="replace"), limit=MOST_KEPT)


def _asked_s(retry_after: str, *, at: datetime) -> float:
    """Seconds that a Retry-After asks for, as a number or a date (RFC 9110); 0 for others."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment - at).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0
