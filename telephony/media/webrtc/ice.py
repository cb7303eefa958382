"""The servers by which a page and a media process find a way to one another. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

PASSWORD_S: Final = 4 * 3600  # a relayed call is refreshed with its password until its end


@dataclass(frozen=True, slots=True)
class IceServers:
    """STUN and TURN as operators set them; `turn_secret` is shared with the TURN server."""

    stun: Sequence[str] = ()
    turn: Sequence[str] = ()
    turn_secret: str = ""

    def for_call(self, call_id: str, *, at: float) -> list[dict[str, Any]]:
        """As `RTCPeerConnection` takes them: the password is this call's and ends with it.

        By the scheme that coturn calls `use-auth-secret` (draft-uberti-behave-turn-rest-00).
        """
        servers: list[dict[str, Any]] = []
        if self.stun:
            servers.append({"urls": list(self.stun)})
        if self.turn:
            name = f"{int(at) + PASSWORD_S}:{call_id}"
            digest = hmac.digest(self.turn_secret.encode(), name.encode(), hashlib.sha1)
            password = base64.b64encode(digest).decode()
            servers.append({"urls": list(self.turn), "username": name, "credential": password})
        return servers
