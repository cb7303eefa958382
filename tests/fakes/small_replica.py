"""A think replica of a few lines: `python -m tests.fakes.small_replica --port N --behaviour good`.

`good` answers; `empty` is healthy and says nothing; `fickle` answers differently each time; `deaf`
never listens; `mortal` ends at once; `sleepless` never falls asleep. Its log tells vLLM's stages,
so that they can be read, and its metrics count each request as vLLM does; `POST /callers` with
`{"requests": 10, "seconds": 5}` counts as so many more.
"""

import argparse
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STAGES = """\
[warmline] imported in 1.50 s
(APIServer pid=1) INFO 11-21 01:54:04 [api_utils.py:286] non-default args: {}
(EngineCore pid=2) INFO 11-21 01:54:05 [core.py:133] Initializing a V1 LLM engine \
(v0.32.0) with config: model='x'
(Worker pid=3) INFO 11-21 01:54:08 [default_loader.py:501] Loading weights took 0.05 seconds
(EngineCore pid=2) INFO 11-21 01:54:12 [core.py:402] init engine \
(profile, create kv cache, warmup model) took 2.55 s
"""
METRICS = """\
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{{engine="0",model_name="frontdesk"}} 0.0
# TYPE vllm:time_to_first_token_seconds histogram
vllm:time_to_first_token_seconds_bucket{{engine="0",le="0.001",model_name="frontdesk"}} 0.0
vllm:time_to_first_token_seconds_bucket{{engine="0",le="+Inf",model_name="frontdesk"}} {requests}
vllm:time_to_first_token_seconds_count{{engine="0",model_name="frontdesk"}} {requests}
vllm:time_to_first_token_seconds_sum{{engine="0",model_name="frontdesk"}} {seconds}
vllm:time_to_first_token_seconds_created{{engine="0",model_name="frontdesk"}} 1.7637e+09
"""


class Replica(BaseHTTPRequestHandler):
    """The few paths that the warmer asks."""

    behaviour = "good"
    asked: list[dict[str, Any]] = []

    asleep = False
    requests, seconds = 0, 0.0

    def do_GET(self) -> None:
        """Health, metrics, and what was asked so far."""
        match self.path:
            case "/metrics":
                self._say(METRICS.format(requests=float(self.requests), seconds=self.seconds))
            case "/is_sleeping":
                self._say(json.dumps({"is_sleeping": type(self).asleep}))
            case "/asked":
                self._say(json.dumps(self.asked))
            case _:
                self._say("")

    def do_POST(self) -> None:
        """A chat completion, or the doors of sleep."""
        if self.path.startswith(("/sleep", "/wake_up")):
            type(self).asleep = self.path.startswith("/sleep") and self.behaviour != "sleepless"
            self._say("{}")
            return
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).requests += asked.get("requests", 1)
        type(self).seconds += asked.get("seconds", 0.001)
        if self.path == "/callers":
            self._say("{}")
            return
        self.asked.append({**asked, "authorization": self.headers.get("Authorization", "")})
        said = {
            "good": "we are open.",
            "empty": "",
            "sleepless": "we are open.",
            "fickle": f"at {time.monotonic_ns()}.",
        }[self.behaviour]
        self._say(json.dumps({"choices": [{"message": {"role": "assistant", "content": said}}]}))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the parent's signature
        """Nothing: the log is for the stages."""

    def _say(self, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--behaviour", default="good")
    chosen = parser.parse_args()
    sys.stdout.write(STAGES)
    sys.stdout.flush()
    if chosen.behaviour == "mortal":
        sys.exit("RuntimeError: the model file is missing")
    if chosen.behaviour == "deaf":
        time.sleep(600)
    Replica.behaviour = chosen.behaviour
    ThreadingHTTPServer(("127.0.0.1", chosen.port), Replica).serve_forever()


if __name__ == "__main__":
    main()
