"""Puts a drained think replica to sleep and wakes it, by vLLM's own doors (VLLM_SERVER_DEV_MODE,
POST /sleep).

Level 1 parks the weights in the host's memory and forgets the prefix cache. vLLM on the CPU answers
these doors and parks nothing: there, sleep saves a start's time and no memory. `mode=wait` lets
running requests end.
"""

import time
from typing import Final

import httpx

from inference.warming.replica_http import replica_client
from warmline.kernel.errors import WarmlineError

ANSWER_S: Final = 20.0


class SleepFailed(WarmlineError):
    """A replica did not fall asleep, or did not wake; the message says what it answered."""

    http_status = 503
    retryable = True


def put_to_sleep(base_url: str) -> float:
    """Put it to sleep and see that it sleeps; how many seconds it took."""
    return _change(base_url, "/sleep?level=1&mode=wait", asleep=True)


def wake(base_url: str) -> float:
    """Wake it and see that it is awake; how many seconds it took.

    It is not warm before it is primed again.
    """
    return _change(base_url, "/wake_up", asleep=False)


def _change(base_url: str, path: str, *, asleep: bool) -> float:
    begun = time.monotonic()
    try:
        with replica_client(base_url, timeout=ANSWER_S) as client:
            client.post(path).raise_for_status()
            is_sleeping = client.get("/is_sleeping").raise_for_status().json()["is_sleeping"]
    except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        raise SleepFailed(
            f"{path.partition('?')[0]} at {base_url}: {type(error).__name__}: {error}"
        ) from error
    if is_sleeping is not asleep:
        raise SleepFailed(
            f"{base_url} says is_sleeping {is_sleeping} after {path.partition('?')[0]}"
        )
    return time.monotonic() - begun
