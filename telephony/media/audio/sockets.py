"""WebSocket messages out of picows' frames: whole, and of a bounded size."""

from picows import WSFrame, WSMsgType


class Assembler:
    """Joins the fragments of text messages (RFC 6455, section 5.4)."""

    __slots__ = ("_max_bytes", "_parts", "_size", "oversize")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size = 0
        self.oversize = False  # the message that just ended was over the bound

    def feed(self, frame: WSFrame) -> bytes | None:
        """The message that this frame completes; None: not whole yet, or over the bound."""
        self.oversize = False
        if frame.fin and not self._size and frame.msg_type is WSMsgType.TEXT:
            return frame.get_payload_as_bytes()
        self._size += max(1, frame.payload_size)
        if self._size <= self._max_bytes:
            self._parts.append(frame.get_payload_as_bytes())
        if not frame.fin:
            return None
        whole = b"".join(self._parts)
        self.oversize = self._size > self._max_bytes
        self._parts, self._size = [], 0
        return None if self.oversize else whole
