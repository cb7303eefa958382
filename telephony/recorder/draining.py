"""One region's streams, drained: read, write, and only then acknowledge."""

import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import redis
import structlog
from django.db import close_old_connections
from redis.backoff import NoBackoff
from redis.retry import Retry

from telephony import media_link
from telephony.control import webhook_spool
from telephony.recorder.writing import Entry, EntryResult, write_events, write_webhooks
from tenants.postgres.away import DATABASE_AWAY
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

BATCH: Final = 256
BLOCK_MS: Final = 500
# An entry that its reader has held for this long belongs to a dead one, or came before its call.
ABANDONED_MS: Final = 5_000
# How often an entry without its call is tried, five seconds apart, before it is parked.
MAX_TRIES: Final = 6
PARKED_MAXLEN: Final = 10_000
_BACK_OFF_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
# Longer than BLOCK_MS: an idle stream is no silent Redis.
_ANSWER_S: Final = 5.0

Write = Callable[[Sequence[Entry]], list[EntryResult]]


def parked_stream(stream: str) -> str:
    """Where entries lie that could not be written, each with its reason."""
    return f"{stream}:parked"


@dataclass(slots=True)
class Drain:
    """The only consumer of one stream: `step` is one read, one write, and what is written is
    acknowledged and gone.
    """

    client: "redis.Redis"
    stream: str
    consumer: str
    write: Write
    abandoned_ms: int = ABANDONED_MS
    _has_group: bool = False
    _owes: bool = True
    _claim_from: bytes = field(default=b"0-0")

    def step(self, *, block_ms: int | None) -> int:
        """Drain once; how many entries were looked at.

        Waits up to `block_ms` for new ones; None: not at all.
        """
        self._ensure_group()
        entries = self._own() if self._owes else []
        if not entries:
            self._owes = False
            entries = self._abandoned() or self._new(block_ms)
        if entries:
            # Until acknowledged they are owed: an error below brings exactly these back.
            self._owes = True
            self._settle(self.write(entries))
            self._owes = False
        return len(entries)

    def forget_group(self) -> None:
        """Redis lost its data, or is a new one: make the group again."""
        self._has_group = False
        self._owes = True

    def _ensure_group(self) -> None:
        if self._has_group:
            return
        try:
            self.client.xgroup_create(self.stream, media_link.RECORDER_GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        self._has_group = True

    def _own(self) -> list[Entry]:
        return self._read("0", block_ms=None)

    def _new(self, block_ms: int | None) -> list[Entry]:
        return self._read(">", block_ms=block_ms)

    def _read(self, from_id: str, *, block_ms: int | None) -> list[Entry]:
        answer = cast(
            "list[Any] | None",
            self.client.xreadgroup(
                media_link.RECORDER_GROUP,
                self.consumer,
                {self.stream: from_id},
                count=BATCH,
                block=block_ms,
            ),
        )
        return _entries(answer[0][1]) if answer else []

    def _abandoned(self) -> list[Entry]:
        answer = self.client.xautoclaim(
            self.stream,
            media_link.RECORDER_GROUP,
            self.consumer,
            self.abandoned_ms,
            start_id=self._claim_from,
            count=BATCH,
        )
        self._claim_from = answer[0]
        return _entries(answer[1])

    def _settle(self, results: Sequence[EntryResult]) -> None:
        given_up = self._given_up([result.entry.id for result in results if result.early])
        with self.client.pipeline(transaction=True) as pipeline:
            for result in results:
                why = result.parked or (
                    "its call has no row" if result.entry.id in given_up else ""
                )
                if why:
                    log.error(
                        "entry parked",
                        stream=self.stream,
                        entry=result.entry.id.decode(),
                        why=why[:80],
                    )
                    fields: Any = {**result.entry.fields, b"why": why.encode()}
                    pipeline.xadd(
                        parked_stream(self.stream), fields, maxlen=PARKED_MAXLEN, approximate=True
                    )
                if why or not result.early:
                    pipeline.xack(self.stream, media_link.RECORDER_GROUP, result.entry.id)
                    # What callers said does not stay in Redis once it is a row.
                    pipeline.xdel(self.stream, result.entry.id)
            pipeline.execute()

    def _given_up(self, ids: Sequence[bytes]) -> set[bytes]:
        """Those that have been tried often enough."""
        given_up: set[bytes] = set()
        for entry_id in ids:
            pending = cast(
                "list[dict[str, Any]]",
                self.client.xpending_range(
                    self.stream, media_link.RECORDER_GROUP, min=entry_id, max=entry_id, count=1
                ),
            )
            if pending and pending[0]["times_delivered"] >= MAX_TRIES:
                given_up.add(entry_id)
        return given_up


class RegionRecorder:
    """Drains one region's webhooks and events until stopped, whatever is away meanwhile."""

    def __init__(self, region: RegionCode, url: str, *, consumer: str | None = None) -> None:
        self.region = region
        client = redis.Redis.from_url(
            url,
            socket_timeout=_ANSWER_S,
            socket_connect_timeout=_ANSWER_S,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=15,
        )
        name = consumer or f"{socket.gethostname()}:{os.getpid()}"
        # Webhooks first: a call's own record is to be there before its events.
        self.webhooks = Drain(client, webhook_spool.STREAM, name, write_webhooks)
        self.events = Drain(
            client, media_link.EVENTS_STREAM, name, lambda entries: write_events(client, entries)
        )

    def step(self) -> int:
        """Drain both streams once; how many entries were looked at."""
        return self.webhooks.step(block_ms=None) + self.events.step(block_ms=BLOCK_MS)

    def run(self, stop: threading.Event) -> None:
        """Drain until `stop`.

        While something is away, try again at most every two seconds; say so once.
        """
        failures = 0
        while not stop.is_set():
            try:
                self.step()
            except (redis.RedisError, *DATABASE_AWAY) as error:
                if failures == 0:
                    log.warning(
                        "recorder waits",
                        region=self.region,
                        why=f"{type(error).__name__}: {error}"[:200],
                    )
                self._after_failure(error)
                stop.wait(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
                failures += 1
                continue
            if failures:
                log.info("recorder goes on", region=self.region, after_failures=failures)
            failures = 0
        close_old_connections()

    def _after_failure(self, error: Exception) -> None:
        if isinstance(error, redis.RedisError):
            self.webhooks.forget_group()
            self.events.forget_group()
        close_old_connections()


def _entries(raw: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> list[Entry]:
    """Entries of an answer.

    One that was trimmed while it waited has no fields and is parked as no event.
    """
    return [Entry(entry_id, fields or {}) for entry_id, fields in raw]
