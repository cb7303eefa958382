"""What a supervised program is: how to start it, how to know that it is ready."""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from warmline.kernel.supervision import UnixUser

PROBE_S = 2.0
# Past the proxy that this machine may have for the world outside.
_loopback = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# None when ready, else what is still missing, in words.
Probe = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class Program:
    """One process of this machine: its `probe` is asked until it answers None, for `ready_s`."""

    name: str
    argv: tuple[str, ...]
    probe: Probe
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    user: UnixUser | None = None
    ready_s: float = 120.0  # imports alone take half a minute when every core is busy


def answers_http(url: str) -> Probe:
    """Ready when the address answers 200."""

    def probe() -> str | None:
        try:
            with _loopback.open(url, timeout=PROBE_S) as response:
                return None if response.status == 200 else f"{url} answers {response.status}"
        except urllib.error.HTTPError as error:
            return f"{url} answers {error.code}: {error.read(200).decode(errors='replace')}"
        except (OSError, ValueError) as error:
            return f"{url}: {error}"

    return probe
