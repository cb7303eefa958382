"""What may not reach a log: the insides of our functions, where secrets and callers' words lie."""

import json
import subprocess
import sys

import pytest

from warmline.kernel.env import REPOSITORY

SECRET = "the caller's secret words"
FAILING = f"""
import structlog

def answer(said):
    password = said.upper()
    raise ValueError("no answer")

def call():
    words = {SECRET!r}
    answer(words)

try:
    call()
except ValueError as failed:
    structlog.get_logger().exception("call failed", call="CA1")
    structlog.get_logger().error("call broke", exc_info=failed)
"""
# How each kind of process comes to its logs: Django's by their settings, media by its own entry.
PROCESSES = {
    "django": "import django; django.setup()",
    "media": """
import sys, telephony.media.__main__ as media
media.asyncio.Runner.run = lambda runner, serving: serving.close()  # everything but to serve
sys.argv = ["media", "--region", "us-east", "--port", "0"]
media.main()
""",
}


@pytest.mark.parametrize("kind", PROCESSES)
def test_a_logged_exception_shows_no_local_variable(kind: str) -> None:
    """Neither what the functions on the way were given, nor what they made of it;
    where it happened is there.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROCESSES[kind] + FAILING],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["call failed", "call broke"]
    assert {frame["name"] for frame in lines[0]["exception"][0]["frames"]} >= {"call", "answer"}
    assert SECRET.lower() not in (done.stdout + done.stderr).lower()
