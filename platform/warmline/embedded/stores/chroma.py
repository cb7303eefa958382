"""Chroma as a process of its own, since web and jobs cannot both open its folder."""

import sys
from pathlib import Path

from warmline.embedded.home import Home
from warmline.embedded.ports import HOST
from warmline.embedded.programs import Program, answers_http


def url(port: int) -> str:
    """The address of the server; loopback only, since Chroma has no authentication here."""
    return f"http://{HOST}:{port}"


def program(home: Home, *, port: int) -> Program:
    """The server. Ready when its heartbeat answers."""
    folder = home.state / "chroma"
    folder.mkdir(exist_ok=True)
    chroma = Path(sys.executable).with_name("chroma")
    return Program(
        name="chroma",
        argv=(str(chroma), "run", "--path", str(folder), "--host", HOST, "--port", str(port)),
        probe=answers_http(f"{url(port)}/api/v2/heartbeat"),
        env={"ANONYMIZED_TELEMETRY": "FALSE", "NO_COLOR": "1"},
    )
