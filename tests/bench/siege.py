"""How webhooks fare while others do their worst: `python -m tests.bench.siege [seconds]`.

One web process as `make serve` starts it, Postgres and Valkey of its own. 20 signed webhooks a
second ring throughout; meanwhile, one after the other and then all together: 64 bodies half sent
(begun anew as each is given up), 64 sign-ins at once (each again as soon as it is answered), 500
sockets that say nothing, 20 bodies of 199 MB. Printed: how long the carrier waits, the most memory
that web had, and what the attackers, a process of their own on the same cores, got done.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator

import aiohttp
import psutil

from tests.bench.webhook import Answered, Web, drive, p95_ms, platform
from warmline.embedded.ports import HOST

BOUND_P95_MS = 100.0
BOUND_MIB = 400
A_SECOND = 20
BEGUN, RUN_UP_S = "begun", 2
HALF_SENT, SIGN_INS, IDLE, HUGE = 64, 64, 500, 20

Attack = Callable[[str], Awaitable[None]]
# What the attackers got done, told at their end: an attack that starved proves nothing.
done: Counter[str] = Counter()


async def half_sent(url: str) -> None:
    """Bodies that never come whole, on the webhooks' own path."""

    async def one() -> None:
        while True:
            reader, writer = await _connect(url)
            writer.write(
                b"POST /twilio/voice HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nCallSid=CA"
            )
            await reader.read()
            done["half sent"] += 1
            writer.close()

    await _many(one, HALF_SENT)


async def sign_ins(url: str) -> None:
    """Passwords to check, each for another account: no lock helps."""

    async def one(number: int) -> None:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(url, cookie_jar=jar) as session:
            async with session.get("/sign-in"):
                pass
            token = next(cookie.value for cookie in jar if cookie.key == "csrftoken")
            tries = 0
            while True:
                tries += 1
                name = f"u{number}-{tries}@example.com"
                form = {"username": name, "password": "x", "csrfmiddlewaretoken": token}
                # Each comes from an address of its own, as this machine's proxy tells.
                headers = {"X-Forwarded-For": f"10.{tries % 250}.{number}.{tries // 250}"}
                async with session.post("/sign-in", data=form, headers=headers) as answer:
                    done[f"sign-in {answer.status}"] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(SIGN_INS):
            group.create_task(one(number))


async def idle(url: str) -> None:
    """Connections that say nothing, opened again as they are closed."""

    async def one() -> None:
        while True:
            reader, writer = await _connect(url)
            done["idle opened"] += 1
            await reader.read()
            writer.close()

    await _many(one, IDLE)


async def huge(url: str) -> None:
    """Bodies of 199 MB, sent as fast as they are read."""

    async def one() -> None:
        piece = b"a" * 65536
        while True:
            _, writer = await _connect(url)
            writer.write(
                b"POST /healthz/live HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Length: 199000000\r\n\r\n"
            )
            with contextlib.suppress(ConnectionError):
                for _ in range(199_000_000 // len(piece)):
                    writer.write(piece)
                    await writer.drain()
            done["huge"] += 1
            writer.close()
            await asyncio.sleep(0.1)

    await _many(one, HUGE)


async def nothing(url: str) -> None:
    """A quiet day."""
    await asyncio.Event().wait()


async def everything(url: str) -> None:
    """All of it at once."""
    async with asyncio.TaskGroup() as group:
        for attack in (half_sent, sign_ins, idle, huge):
            group.create_task(_coroutine(attack, url))


ATTACKS: dict[str, Attack] = {
    "nothing": nothing,
    f"{HALF_SENT} bodies half sent": half_sent,
    f"{SIGN_INS} sign-ins at once": sign_ins,
    f"{IDLE} idle sockets": idle,
    f"{HUGE} bodies of 199 MB": huge,
    "all of it": everything,
}


async def _coroutine(attack: Attack, url: str) -> None:
    await attack(url)


async def _until_told(attack: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(attack)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await asyncio.sleep(RUN_UP_S)
    print(BEGUN, flush=True)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(HOST, int(url.rpartition(":")[2]))


async def _many(one: Callable[[], Awaitable[None]], number: int) -> None:
    async def kept_up() -> None:
        while True:
            with contextlib.suppress(ConnectionError):
                await one()

    async with asyncio.TaskGroup() as group:
        for _ in range(number):
            group.create_task(kept_up())


@contextlib.contextmanager
def under(attack: str, url: str) -> Iterator[None]:
    """The attack goes on inside."""
    command = (sys.executable, "-m", "tests.bench.siege", "--attack", attack, url)
    attackers = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert attackers.stdout is not None
        assert attackers.stdout.readline() == f"{BEGUN}\n", f"no attack: {attack}"
        yield
    finally:
        attackers.terminate()
        told, _ = attackers.communicate(timeout=30)
    print(f"{'':24} {told.strip()}")


async def most_memory_mib(pid: int, readings: list[float]) -> None:
    """The process's resident memory, ten times a second."""
    process = psutil.Process(pid)
    while True:
        readings.append(process.memory_info().rss / 2**20)
        await asyncio.sleep(0.1)


async def besieged(web: Web, *, seconds: int) -> tuple[list[Answered], float]:
    """What the carrier was answered meanwhile, and the most memory that web had."""
    readings: list[float] = []
    watching = asyncio.create_task(most_memory_mib(web.pid, readings))
    answers = await drive(web.url, a_second=A_SECOND, seconds=seconds)
    watching.cancel()
    return answers, max(readings)


def main() -> int:
    """Run them all and print the table; 0 when every bound was held."""
    if sys.argv[1:2] == ["--attack"]:
        asyncio.run(_until_told(_coroutine(ATTACKS[sys.argv[2]], sys.argv[3])))
        print(", ".join(f"{number} {what}" for what, number in sorted(done.items())))
        return 0
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    held = True
    with platform() as web:
        asyncio.run(drive(web.url, a_second=A_SECOND, seconds=3))
        print(f"{'meanwhile':24} {'p50':>8} {'p95':>8} {'worst':>8} {'by agents':>10} {'web':>9}")
        for name in ATTACKS:
            with under(name, web.url):
                answers, memory_mib = asyncio.run(besieged(web, seconds=seconds))
            took = sorted(answer.took_ms for answer in answers)
            by_agent = sum(answer.by_agent for answer in answers)
            print(
                f"{name:24} {took[len(took) // 2]:5.1f} ms {p95_ms(answers):5.1f} ms "
                f"{took[-1]:5.0f} ms {by_agent:5}/{len(answers):<4} {memory_mib:5.0f} MiB",
                flush=True,
            )
            held = held and p95_ms(answers) <= BOUND_P95_MS and memory_mib <= BOUND_MIB
            held = held and by_agent == len(answers)
    print(
        f"bounds: p95 {BOUND_P95_MS:.0f} ms, web {BOUND_MIB} MiB, every call by an agent; "
        f"1, 5, 15 minutes' load {os.getloadavg()}"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
