"""The web plane's entry: HTTP by Django, live views by Channels. It never carries audio."""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from telephony.carriers import registry
from warmline.kernel.configuration.checks import refusals_told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
with refusals_told():
    _django = get_asgi_application()

# Django's asynchronous handler crosses threads for every hook of every middleware. The carriers'
# webhooks carry the platform's peak, so each runs from end to end in one of these threads: 4.0 ms
# of processor time a call where it was 5.7 (tests.bench.webhook).
_CARRIERS = tuple(f"/{name}/" for name in registry.names())
_CARRIER_THREADS = 16
_carriers = WSGIMiddleware(cast("WSGIApp", get_wsgi_application()), workers=_CARRIER_THREADS)


async def _http(scope: Any, receive: Any, send: Any) -> None:
    await (_carriers if scope["path"].startswith(_CARRIERS) else _django)(scope, receive, send)


# Apps must be loaded before models are imported.
from dashboard.live.consumers import websocket_urlpatterns  # noqa: E402
from rag.embedding import encoder  # noqa: E402

# Ready means ready: the first caller's question does not wait for the model to be read.
encoder.warm()

application = ProtocolTypeRouter(
    {
        "http": _http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
        ),
    }
)
