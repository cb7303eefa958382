"""`python -m telephony.media --region us-east --port 9101`: one media process, on one core."""

import argparse
import asyncio
import gc
import secrets
import signal
import time
from contextlib import suppress
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import redis.asyncio
import redis.exceptions
import structlog
import uvloop

from inference.errors import SnapshotMissing
from inference.fleet import pace_store
from inference.fleet.snapshots import Follower
from telephony import media_link
from telephony.media.audio import clips
from telephony.media.audio.roundtrips import PROBE_S
from telephony.media.event_outbox import Outbox
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.snapshot_replicas import PoolReplicas
from telephony.media.replicas.tts import TtsCache
from telephony.media.server import MediaServer
from telephony.media.session.call_resources import SharedResources
from telephony.media.turn_end import smart_turn
from telephony.media.web_plane import knowledge_breaker
from telephony.media.webrtc.ice import IceServers
from warmline.kernel import configuration, regions
from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.configuration import webrtc
from warmline.kernel.configuration.checks import check, refusals_told
from warmline.kernel.logs import configure_logs
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

BEAT_S: Final = 1.0
LAST_EVENTS_S: Final = 5.0
# A snapshot is read within milliseconds where there is one; a machine that just came up has none
# for seconds.
SNAPSHOT_S: Final = 30.0


async def serve(
    region: RegionCode,
    host: str,
    port: int,
    *,
    internal_port: int | None,
    ws_url: str | None,
    slots: int,
    drain_s: float,
) -> None:
    """Take calls until SIGTERM or SIGINT, then drain."""
    url = regions.redis_url(region)
    client, follower, stop = media_link.media_client(url), Follower(url), _stop_signal()
    outbox = Outbox(client)
    async with _http_session() as http:
        shared = SharedResources(
            http,
            ReplicaPicker(PoolReplicas(follower)),
            outbox,
            TtsCache(),
            knowledge_breaker(),
            worker=f"{region}-{secrets.token_hex(4)}",
            smart_turn=smart_turn.load(),
        )
        probe_s = _probe_s(urlsplit(ws_url or "").hostname or host)
        ice = _ice_servers()
        server = MediaServer(client, shared, slots=slots, probe_s=probe_s, ice_servers=ice)
        listening = await server.listen(host, port)
        if internal_port is not None:
            await server.listen_internally(host, internal_port)
        port = listening.sockets[0].getsockname()[1]
        ws_url = ws_url or f"ws://{host}:{port}/twilio/media"
        async with asyncio.TaskGroup() as group:
            background = [
                group.create_task(outbox.run()),
                group.create_task(follower.run()),
                group.create_task(_beat(client, server, follower, region=region, ws_url=ws_url)),
            ]
            log.info("media plane listens", worker=shared.worker, address=ws_url, slots=slots)
            _settle_memory()
            await stop.wait()
            log.info("media plane drains", calls=server.calls)
            await server.drain(deadline_s=drain_s)
            listening.close()
            await _say_goodbye(client, outbox, shared.worker)
            await _cancelled(background)
    await client.aclose()


def _stop_signal() -> asyncio.Event:
    """Set when the process is asked to end."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _http_session() -> aiohttp.ClientSession:
    """Connections to replicas and the web plane, kept open between turns.

    Each request has deadlines of its own.
    """
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))


def _ice_servers() -> IceServers | None:
    """The servers for WebRTC; None where it is switched off."""
    if not webrtc.WEBRTC.value():
        return None
    return IceServers(
        webrtc.STUN.value(),
        webrtc.TURN.value(),
        webrtc.TURN_SECRET.value(),
    )


def _probe_s(reached_at: str) -> float | None:
    """How often carriers' round trips are measured; never where only this machine calls."""
    try:
        here = ip_address(reached_at).is_loopback
    except ValueError:
        here = reached_at == "localhost"
    return None if here else PROBE_S


async def _beat(
    client: redis.asyncio.Redis,
    server: MediaServer,
    follower: Follower,
    *,
    region: RegionCode,
    ws_url: str,
) -> None:
    """Send heartbeats, so that calls may come, once replicas are known that can answer them."""
    worker = server.shared.worker
    if not await follower.ready(timeout_s=SNAPSHOT_S):
        log.warning("no snapshot of the pools yet", waited_s=SNAPSHOT_S)
    while not_cancelled():
        beat = media_link.MediaHeartbeat(
            worker,
            region,
            ws_url,
            server.calls,
            server.slots,
            time.time(),
            draining=server.draining,
        )
        try:
            await media_link.beat(client, beat)
            await _tell_waits(client, server, follower)
        except (redis.exceptions.RedisError, OSError) as error:
            log.warning("heartbeat missed", why=type(error).__name__)
        await asyncio.sleep(BEAT_S)


async def _tell_waits(client: redis.asyncio.Redis, server: MediaServer, follower: Follower) -> None:
    """What calls waited for the pools: how many are admitted follows it."""
    with suppress(SnapshotMissing):
        shared = server.shared
        await pace_store.tell(
            client, shared.picker.waits.lately(), worker=shared.worker, snapshot=follower.snapshot
        )


async def _say_goodbye(client: redis.asyncio.Redis, outbox: Outbox, worker: str) -> None:
    try:
        async with asyncio.timeout(LAST_EVENTS_S):
            await outbox.empty()
            await media_link.leave(client, worker)
    except (redis.exceptions.RedisError, TimeoutError, OSError) as error:
        log.error("last events not sent", why=type(error).__name__)


async def _cancelled(tasks: "list[asyncio.Task[None]]") -> None:
    """Cancel until they are: see `wanted`."""
    for _ in range(10):
        for task in tasks:
            task.cancel()
        _, left = await asyncio.wait(tasks, timeout=0.2)
        if not left:
            return


def _settle_memory() -> None:
    """Freeze what is loaded and collect less often: the collector's pauses are heard."""
    clips.load()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def main() -> None:
    """Parse the command line and serve; a wrong setting is its sentence and exit code 1."""
    with refusals_told():
        check({"media"})
        _serve_as_asked()


def _serve_as_asked() -> None:
    parser = argparse.ArgumentParser(prog="python -m telephony.media", description=__doc__)
    parser.add_argument("--region", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--internal-port",
        type=int,
        help="where /metrics is, which is not on --port; by default none",
    )
    parser.add_argument("--slots", type=int, default=configuration.MEDIA_SLOTS.value())
    parser.add_argument(
        "--ws-url", default=None, help="the address that carriers reach; by default host and port"
    )
    parser.add_argument("--drain-seconds", type=float, default=configuration.MEDIA_DRAIN_S.value())
    args = parser.parse_args()
    configure_logs()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(
            serve(
                RegionCode(args.region),
                args.host,
                args.port,
                internal_port=args.internal_port,
                ws_url=args.ws_url,
                slots=args.slots,
                drain_s=args.drain_seconds,
            )
        )


if __name__ == "__main__":
    main()
