"""The speech server: `python -m programs.speech_server --role hear|speak|both --port 8100`."""

import argparse
import logging
import os
from pathlib import Path

import uvloop
from aiohttp import web

from programs.speech_server.server import ServerOptions, speech_app
from programs.speech_server.stt.engines import HEAR_MODELS, SttOptions
from programs.speech_server.tts.engines import SPEAK_MODELS
from warmline.kernel import env, roles


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options, host, port = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("warmline.speech").info("loading to %s on %s:%d", options.role, host, port)
    web.run_app(
        speech_app(options),
        host=host,
        port=port,
        access_log=None,
        loop=uvloop.new_event_loop(),
        shutdown_timeout=5.0,
        handler_cancellation=True,  # a client that hangs up stops the synthesis it asked for
        print=None,
    )


def _arguments() -> tuple[ServerOptions, str, int]:
    parser = argparse.ArgumentParser(prog="python -m programs.speech_server", description=__doc__)
    parser.add_argument("--role", choices=(roles.STT, roles.TTS, "both"), default="both")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument(
        "--slots", type=int, default=32, help="calls heard at once; further ones are refused"
    )
    parser.add_argument(
        "--threads", type=int, default=min(4, os.cpu_count() or 1), help="that decode"
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=env.home() / "speech",
        help="where PocketSphinx's model is kept",
    )
    parser.add_argument(
        "--hear-model", choices=HEAR_MODELS, default=HEAR_MODELS[0], help="the ears' engine"
    )
    parser.add_argument(
        "--speak-model", choices=SPEAK_MODELS, default=SPEAK_MODELS[0], help="the voices' engine"
    )
    flags = parser.parse_args()
    stt = SttOptions(flags.hear_model, max(1, flags.slots), max(1, flags.threads), flags.cache)
    return ServerOptions(flags.role, stt, flags.speak_model), flags.host, flags.port


if __name__ == "__main__":
    main()
