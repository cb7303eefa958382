"""Writes the locks of what pip installs: the installer's own, vLLM's for each kind of machine, and
that of the wheels with model weights.

`python platform/warmline/embedded/setup/lock.py`, after a pin has changed: every package that the
pin needs, at one version, with the hash of each file that the indexes offer. For the CPU's lock uv
has to be told where torch's builds for the CPU are (UV_FIND_LINKS or UV_INDEX). Standard library
only, as all of the set-up.
"""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[4]
if __name__ == "__main__":
    # An isolated Python finds nothing of ours by itself.
    sys.path.insert(0, str(REPOSITORY / "platform"))

from warmline.embedded.setup.environments import (  # noqa: E402
    UV,
    WEIGHTS_LOCK,
    engine_lock,
    engine_pins,
    home,
    tools_lock,
)
from warmline.embedded.setup.installers import installers_environment  # noqa: E402
from warmline.kernel import weights_table  # noqa: E402

LOCK_S = 900
# torch's CPU build keeps these as optional parts built against another version of it.
MISMATCHED = ("torchvision", "torchaudio", "torchcodec")
# What intel-openmp asks for in its Linux wheel alone; uv reads what another system's asks for.
LINUX_ONLY = ("intel-cmplr-lib-ur==2024.2.1 ; platform_machine == 'x86_64'",)
# For every Python and processor that the pins know; what only other systems need is left out.
UNIVERSAL = ("--universal", "--python-version", "3.11", "--generate-hashes")
ELSEWHERE = ("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL")
# The wheels of weights are taken for their files: what their code would need is not.
FILES_ALONE = ("--no-deps", "--only-binary", ":all:")
PLAIN = ("--no-header", "--no-annotate", "--no-emit-index-url")


def lock(
    pins: tuple[str, ...], *, into: Path, without: tuple[str, ...] = (), only: tuple[str, ...] = ()
) -> None:
    """Write what the pins need, with hashes; `subprocess.CalledProcessError` when uv refuses.

    Only what pins a build for the CPU is looked for where those are: torch's versions compare so
    that it would be the newest for a GPU too.
    """
    environ = installers_environment(os.environ, spare_cache=home() / "cache" / "uv")
    if not any(pin.endswith("+cpu") for pin in pins):
        environ = {name: value for name, value in environ.items() if name not in ELSEWHERE}
    left_out = [word for name in without for word in ("--no-emit-package", name)]
    uv = str(home() / "tools" / "bin" / "uv")
    into.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        (
            uv,
            "pip",
            "compile",
            "-",
            "--upgrade",
            *UNIVERSAL,
            *PLAIN,
            *left_out,
            *only,
            "-o",
            str(into),
        ),
        input="\n".join(pins),
        env=environ,
        stdout=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=LOCK_S,
        check=True,
    )


if __name__ == "__main__":
    lock((UV,), into=tools_lock())
    lock(weights_table.packages(), into=WEIGHTS_LOCK, only=FILES_ALONE)
    lock((*engine_pins("cpu"), *LINUX_ONLY), into=engine_lock("cpu"), without=MISMATCHED)
    lock(engine_pins("gpu"), into=engine_lock("gpu"))
