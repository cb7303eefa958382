"""A media plane in the test's own loop, on real sockets:
server, events, stub replicas, stub web plane.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, cast

import aiohttp
import redis
import redis.asyncio

from telephony import media_link
from telephony.media.event_outbox import Outbox
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.replica_picker import ReplicaPicker, Replicas
from telephony.media.replicas.tts import TtsCache
from telephony.media.server import MediaServer
from telephony.media.session.call_resources import SharedResources
from telephony.media.turn_end.smart_turn import SmartTurn
from telephony.media.web_plane import knowledge_breaker
from tests.fakes.replicas import Script, StubReplica
from tests.fakes.web_plane import StubWebPlane
from tests.telephony.media.caller import Caller
from tests.telephony.media.plans import plan
from tests.telephony.media.valkey import Valkey
from warmline.kernel.agent import Limits
from warmline.kernel.call import AgentSentence, CallEvent, CallPlan, PoolRung, SaidMeanwhile
from warmline.kernel.ids import CallId
from warmline.kernel.roles import Role

EVERYTHING_S = 30.0


class ListedReplicas:
    """Replicas in a fixed order, for each role."""

    def __init__(self) -> None:
        self.urls: dict[Role, list[str]] = {"hear": [], "think": [], "speak": []}

    def pick(
        self,
        rung: PoolRung,
        *,
        call_id: CallId,
        prefix: str,
        load: Mapping[str, int],
        avoid: Collection[str],
        stay_with: str | None = None,
    ) -> Endpoint | None:
        """The first one that is not avoided."""
        for url in sorted(self.urls[rung.role], key=lambda url: url != stay_with):
            if url not in avoid:
                return Endpoint(url, url, rung.region, rung.model)
        return None


class Plane:
    """Everything a call needs."""

    valkey: Valkey

    def __init__(self, url: str) -> None:
        self.url = url
        self.replicas = ListedReplicas()
        self.web = StubWebPlane()
        self.stubs: list[StubReplica] = []
        self._background: list[asyncio.Task[Any]] = []

    async def start(self) -> "Plane":
        """Bring it up with one replica for all roles."""
        self.redis = media_link.media_client(self.url)
        self.control = redis.Redis.from_url(self.url)
        await self.web.start()
        await self.add_replica()
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.outbox = Outbox(self.redis)
        self._background.append(asyncio.create_task(self.outbox.run()))
        self.server, self.ws_url = await self.another_server("w1")
        return self

    async def another_server(
        self, worker: str, *, replicas: Replicas | None = None, smart_turn: SmartTurn | None = None
    ) -> tuple[MediaServer, str]:
        """One more media server on the same Redis;
        it finds its replicas where the first one does, or elsewhere.
        """
        picker = ReplicaPicker(replicas or self.replicas)
        shared = SharedResources(
            self.http,
            picker,
            self.outbox,
            TtsCache(),
            knowledge_breaker(),
            worker,
            smart_turn=smart_turn,
        )
        server = MediaServer(self.redis, shared, slots=50)
        listening = await server.listen("127.0.0.1", 0)
        await media_link.beat(
            self.redis, media_link.MediaHeartbeat(worker, plan().region, "", 0, 50, 0.0)
        )
        return server, f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/twilio/media"

    async def stop(self) -> None:
        """Take it down."""
        await self.server.drain(deadline_s=0.1)
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.http.close()
        await self.web.stop()
        for stub in self.stubs:
            await stub.stop()
        await self.redis.aclose()
        self.control.close()

    async def add_replica(
        self, script: Script | None = None, roles: tuple[Role, ...] = ("hear", "think", "speak")
    ) -> StubReplica:
        """One more replica, after those that are there."""
        stub = await StubReplica(script).start()
        self.stubs.append(stub)
        for role in roles:
            self.replicas.urls[role].append(stub.url)
        return stub

    @property
    def stub(self) -> StubReplica:
        """The first replica."""
        return self.stubs[0]

    def script(self, **changes: Any) -> Script:
        """What the first replica says."""
        for name, content in changes.items():
            setattr(self.stub.script, name, content)
        return self.stub.script

    def answer_call(self, **changes: Any) -> CallPlan:
        """A plan put where the webhook puts it."""
        fields: dict[str, Any] = {
            "web_url": self.web.url,
            "limits": Limits(silence_ms=400, idle_seconds=30),
        }
        made = plan(**(fields | changes))
        media_link.put_plan(self.control, made)
        return made

    def caller(self, of: CallPlan, **changes: Any) -> Caller:
        """The carrier's stream for that call."""
        fields: dict[str, Any] = {"call": of.call_id, "token": of.token}
        return Caller(self.ws_url, **(fields | changes))

    def all_events(self) -> list[CallEvent]:
        """What the control plane can read now, of all calls."""
        stored = cast(
            "list[tuple[bytes, dict[bytes, bytes]]]", self.control.xrange(media_link.EVENTS_STREAM)
        )
        return [media_link.decode_stored_event(fields) for _, fields in stored]

    def events(self, of: CallPlan) -> list[CallEvent]:
        """The same of one call."""
        return [event for event in self.all_events() if event.call_id == of.call_id]

    def happenings(self, of: CallPlan) -> list[Any]:
        """The events without their envelope."""
        return [event.happening for event in self.events(of)]

    def answers(self, of: CallPlan, *, turn: int) -> list[str]:
        """The agent's own sentences in a turn, without short words for a caller who waits."""
        happened = self.happenings(of)
        meanwhile = {(h.turn, h.index) for h in happened if isinstance(h, SaidMeanwhile)}
        return [
            h.text
            for h in happened
            if isinstance(h, AgentSentence) and h.turn == turn and (turn, h.index) not in meanwhile
        ]

    async def happened(
        self, of: CallPlan, kind: type, *, times: int = 1, within_s: float = 10.0
    ) -> list[Any]:
        """Wait until something happened that often."""
        async with asyncio.timeout(within_s):
            while True:
                happenings = [h for h in self.happenings(of) if isinstance(h, kind)]
                if len(happenings) >= times:
                    return happenings
                await asyncio.sleep(0.02)

    async def ended(self, of: CallPlan) -> None:
        """Wait until no call runs here and its events are out."""
        async with asyncio.timeout(EVERYTHING_S):
            while self.server.calls:
                await asyncio.sleep(0.02)
            await self.outbox.empty()
