"""A write that is sent twice is done once: its answer is kept under the `Idempotency-Key`.

The name is claimed in a transaction of its own; the write and its answer are kept in one, under a
lock on the claim. Who is killed between leaves a claim that nobody holds, and the next attempt
takes it up.

What asks a service outside is in no transaction of ours: that it has begun is written before, and
its answer after. Who is killed between leaves it unknown whether it was done, and so the next
attempt is told; it is never done again under the same name.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from tenants.context import CONTROL, as_tenant, current_tenant_id
from tenants.keys.models import IdempotentRequest
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict, WarmlineError

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
KEPT_FOR: Final = timedelta(hours=24)
# Longer than any service outside is waited for; who was killed meanwhile may try again then.
HELD_FOR: Final = timedelta(minutes=2)
_SOUND: Final = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS: Final = ("Content-Type", "Location", "ETag", "Link", "Cache-Control")


class IdempotencyKeyInUse(Conflict):
    """The same request is being worked on: ask again in a moment."""

    retryable = True


class OutcomeUnknown(Conflict):
    """An earlier attempt of the same request ended midway, and may have been done: look first."""


class IdempotencyKeyReused(WarmlineError):
    """The name stands for another request already."""

    http_status = 422


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered the first time."""

    status: int
    headers: dict[str, str]
    body: bytes


class Replay(Exception):
    """The write was done before: its answer, in place of another one."""

    def __init__(self, kept: KeptAnswer) -> None:
        super().__init__("done before")
        self._kept = kept

    def response(self) -> HttpResponse:
        """The answer again, marked as such."""
        headers = {**self._kept.headers, REPLAYED: "true"}
        return HttpResponse(self._kept.body, status=self._kept.status, headers=headers)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of a write: under which name, and what it asks for.

    Answers may hold a secret that is shown once: they are kept encrypted with the API key's own
    secret, which is nowhere on our side.
    """

    key_id: UUID
    place: bytes
    fingerprint: bytes
    secret: str

    def claim(self) -> None:
        """Take the name, in a transaction of its own, if it is not taken."""
        row = IdempotentRequest(key_id=self.key_id, place=self.place, fingerprint=self.fingerprint)
        IdempotentRequest.objects.bulk_create([row], ignore_conflicts=True)

    def earlier_answer(self, *, hold: bool = False) -> KeptAnswer | None:
        """What was answered before; None when this attempt is the one to do it, under the lock.

        With `hold` the name stays taken after the transaction, for as long as a service outside may
        take. `IdempotencyKeyInUse` while another attempt has it, `OutcomeUnknown` where one had it
        and never came back, `IdempotencyKeyReused` for another request.
        """
        now = clock.now()
        rows = IdempotentRequest.objects.select_for_update(skip_locked=True, no_key=True)
        row = rows.filter(key_id=self.key_id, place=self.place).first()
        if row is None or (row.held_until is not None and row.held_until > now):
            raise IdempotencyKeyInUse(f"{HEADER}: the same request is being worked on")
        if row.held_until is not None:
            raise OutcomeUnknown(
                f"{HEADER}: an earlier attempt of this request ended midway, and may have been"
                " done: look at what is there, then send it under another name if it was not"
            )
        if row.answer is None or row.created_at < now - KEPT_FOR:
            if hold:
                self._row.update(held_until=now + HELD_FOR)
            return None
        if bytes(row.fingerprint) != self.fingerprint:
            raise IdempotencyKeyReused(f"{HEADER}: it stands for a request with another body")
        return msgspec.json.decode(self._cipher.decrypt(bytes(row.answer)), type=KeptAnswer)

    def let_go(self) -> None:
        """The name is held no longer: nothing was done, or it can be gone on with.

        Inside of the tenant, whose transaction it opens.
        """
        with as_tenant(current_tenant_id()):
            self._row.update(held_until=None)

    def keep(self, answer: KeptAnswer) -> None:
        """The answer, in the transaction of what was done."""
        headers = {name: value for name, value in answer.headers.items() if name in _KEPT_HEADERS}
        kept = KeptAnswer(answer.status, headers, answer.body)
        self._row.update(
            fingerprint=self.fingerprint,
            held_until=None,
            answer=self._cipher.encrypt(msgspec.json.encode(kept)),
            created_at=clock.now(),
        )

    @property
    def _row(self) -> "QuerySet[IdempotentRequest]":
        return IdempotentRequest.objects.filter(key_id=self.key_id, place=self.place)

    @property
    def _cipher(self) -> Fernet:
        digest = hashlib.sha256(b"warmline.idempotency:" + self.secret.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))


def attempt_of(request: HttpRequest, *, key_id: UUID, secret: str) -> Attempt | None:
    """The attempt that a request is; None for one that reads, or without a name.

    `BadInput` for a name that is none: 1 to 255 characters of ASCII, quoted or not.
    """
    sent = request.headers.get(HEADER)
    if sent is None or request.method not in METHODS:
        return None
    name = sent.strip().removeprefix('"').removesuffix('"')
    if not _SOUND.fullmatch(name):
        raise BadInput(f"{HEADER}: expected 1 to 255 letters, digits and signs of ASCII")
    place = f"{request.method} {request.path} {name}".encode()
    asked = (request.META.get("QUERY_STRING", "").encode(), request.body)
    return Attempt(
        key_id=key_id,
        place=hashlib.sha256(place).digest(),
        fingerprint=hashlib.sha256(b"\0".join(asked)).digest(),
        secret=secret,
    )


def forget_old_answers() -> int:
    """Delete what is past its time, of every tenant; how many. As control."""
    old = IdempotentRequest.objects.using(CONTROL).filter(created_at__lt=clock.now() - KEPT_FOR)
    deleted, _ = old.delete()
    return deleted
