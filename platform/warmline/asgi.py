"""The web plane's entry: HTTP by Django, live views by Channels. It never carries audio."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
_http = get_asgi_application()

from dashboard.live import websocket_urlpatterns  # noqa: E402  apps must be loaded before models are imported
from rag.embedding import encoder  # noqa: E402  the same

# Ready means ready: the first caller's question does not wait for the model to be read.
encoder.warm()

application = ProtocolTypeRouter(
    {
        "http": _http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
