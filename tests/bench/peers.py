"""Those we are measured beside,
each in an environment of its own under `.warmline/bench`, installed once.
"""

import subprocess
import sys
from pathlib import Path

from warmline.kernel import env

PIPECAT = (
    "pipecat-ai[websocket,silero]==1.14.0",
    "fastapi",
    "uvicorn[standard]",
    "webrtcvad-wheels>=2.0.14",
    "uvloop>=0.21",
)
ROUTERS = ("sglang-router==0.3.2", "litellm[proxy]==1.106.2")
INSTALL_S = 900


def installed(name: str, packages: tuple[str, ...]) -> Path:
    """The Python of the environment that holds exactly these packages and what they need."""
    folder = env.REPOSITORY / ".warmline" / "bench" / name
    python, stamp = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join(packages)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    uv = str(env.REPOSITORY / ".warmline" / "tools" / "bin" / "uv")
    print(
        f"installing {', '.join(packages)} into {folder.relative_to(env.REPOSITORY)} …",
        flush=True,
    )
    subprocess.run(
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
        check=True,
        timeout=120,
    )
    subprocess.run(
        [uv, "pip", "install", "--quiet", "-p", str(python), *packages],
        check=True,
        timeout=INSTALL_S,
    )
    stamp.write_text(wanted, encoding="utf-8")
    return python
