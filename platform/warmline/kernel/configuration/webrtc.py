"""What operators set for pages' audio over WebRTC."""

from typing import Final

from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import Process, Setting

_MEDIA: Final[frozenset[Process]] = frozenset({"media"})

WEBRTC: Final = Setting(
    "WARMLINE_MEDIA_WEBRTC",
    kinds.FLAG,
    "pages may speak to media processes over WebRTC, which takes UDP from any port to any; off, or "
    "where no UDP comes through, their audio goes over a WebSocket",
    _MEDIA,
    default=True,
)
STUN: Final = Setting(
    "WARMLINE_MEDIA_STUN",
    kinds.listed(kinds.ICE_SERVER),
    "STUN servers by which pages and media processes learn their addresses outside",
    _MEDIA,
    default=(),
)
TURN: Final = Setting(
    "WARMLINE_MEDIA_TURN",
    kinds.listed(kinds.ICE_SERVER),
    "TURN servers that relay pages' audio where there is no straight way",
    _MEDIA,
    default=(),
)
TURN_SECRET: Final = Setting(
    "WARMLINE_MEDIA_TURN_SECRET",
    kinds.KEY,
    "the secret that is shared with the TURN servers (coturn: `static-auth-secret`), of which each "
    "call's password there is made",
    _MEDIA,
    default="",
    secret=True,
)
