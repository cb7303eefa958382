"""The web plane's entry: HTTP by Django, live views by Channels. It never carries audio.

`application` is what carriers, browsers and programs reach, `internal` what the media plane and
Prometheus do. `python -m warmline.web` listens for both, each on its own port.
"""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

from telephony.carriers import registry
from warmline.kernel.configuration.checks import refusals_told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
with refusals_told():
    _asynchronous: Any = get_asgi_application()

# Apps must be loaded before models are imported.
from dashboard.live.consumers import websocket_urlpatterns
from rag.embedding import encoder
from warmline.web.door import App, Door, WebSockets, is_upload, with_places
from warmline.web.places import Places, TooMany
from warmline.web.threads import InThreads, ThreadedDjango

_django = ThreadedDjango()


def _in_threads(name: str, places: Places) -> App:
    return with_places(InThreads(_django, places.many, name=name), places)


_CARRIERS = tuple(f"/{name}/" for name in registry.names())
# The carriers' webhooks carry the platform's peak. A carrier waits 15 s; at 5 ms apiece the line is
# gone in less than three.
_carriers = _in_threads("carrier", Places(16, waiting=500, seconds=10))
# Each request of a page has a thread while it is worked on, and there are eight connections; with
# more threads than that a webhook waits for its turn at the interpreter.
_pages = _in_threads("page", Places(8, waiting=200, seconds=5))
# Two passwords are checked at a time, a tenth of a second each: whoever waits does so here, where
# it takes no thread, and a page is never behind them.
_sign_ins = _in_threads("sign-in", Places(4, waiting=200, seconds=5, refusal=TooMany))
# A document comes slowly and is kept on the disk meanwhile: a few at a time, apart from the pages.
_uploads = _in_threads("upload", Places(4, waiting=20, seconds=10))
# Its views wait for knowledge and tools without a thread.
_media_plane = with_places(_asynchronous, Places(64, waiting=200, seconds=5))


async def _http(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"].startswith(_CARRIERS):
        app = _carriers
    elif scope["path"] == "/sign-in" and scope["method"] == "POST":
        app = _sign_ins
    elif is_upload(scope):
        app = _uploads
    else:
        app = _pages
    await app(scope, receive, send)


def _is_live_view(path: str) -> bool:
    return any(route.resolve(path.lstrip("/")) for route in websocket_urlpatterns)


def _is_nothing(_: str) -> bool:
    return False


# Ready means ready: the first caller's question does not wait for the model to be read.
encoder.warm()

application = ProtocolTypeRouter(
    {
        "http": Door(_http),
        "websocket": WebSockets(
            AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns)), is_known=_is_live_view
        ),
    }
)
internal = ProtocolTypeRouter(
    {
        "http": Door(_media_plane, internal=True),
        "websocket": WebSockets(_media_plane, is_known=_is_nothing),
    }
)
