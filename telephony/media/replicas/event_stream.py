"""Server-sent events out of bytes, as the endpoints of models really send them. Pure.

Source: HTML Living Standard, 9.2.6, "Interpreting an event stream". Beyond it a body that is one
JSON document, or one a line, counts as events without a name: some endpoints answer so, with an
error above all.
"""

from typing import Final

from telephony.media.replicas.errors import BadStream

MAX_LINE_BYTES: Final = 256 * 1024
_BOM: Final = b"\xef\xbb\xbf"


class EventLines:
    """Feed it bytes as they arrive; it gives whole lines, whatever ends them: LF, CRLF or CR."""

    __slots__ = ("_begun", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False

    def feed(self, packet: bytes) -> list[bytes]:
        """The lines that this packet completes; `BadStream` for one past every bound."""
        buffer = self._rest + packet
        if not self._begun:
            if len(buffer) < len(_BOM) and _BOM.startswith(buffer):
                self._rest = buffer
                return []
            buffer, self._begun = buffer.removeprefix(_BOM), True
        held = b""
        if b"\r" in buffer:
            if buffer.endswith(b"\r"):  # its LF may be in the next packet
                buffer, held = buffer[:-1], b"\r"
            buffer = buffer.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = buffer.split(b"\n")
        self._rest = lines.pop() + held
        if len(self._rest) > MAX_LINE_BYTES:
            raise BadStream(f"a line of over {MAX_LINE_BYTES} bytes")
        return lines

    def finish(self) -> list[bytes]:
        """What is left when the stream ends: its last line may have no end."""
        rest, self._rest = self._rest, b""
        return [rest.rstrip(b"\r")] if rest else []


class EventData:
    """The data of one event, which may be spread over several lines."""

    __slots__ = ("_bytes", "document", "parts")

    def __init__(self) -> None:
        self.parts: list[bytes] = []  # held until the rest of the event comes
        self._bytes = 0
        self.document = False  # the body is JSON without any framing: only its end ends it

    def hold(self, part: bytes) -> None:
        """Keep a part; `BadStream` when all of them together are past the bound."""
        self._bytes += len(part) + 1
        if self._bytes > MAX_LINE_BYTES:
            raise BadStream(f"an event of over {MAX_LINE_BYTES} bytes")
        self.parts.append(part)

    def take(self) -> bytes:
        """All parts as one; nothing is held afterwards."""
        whole = b"\n".join(self.parts)
        self.parts, self._bytes = [], 0
        return whole


def data_of(line: bytes) -> bytes | None:
    """What a line of an event says, or None for a comment, a name, an id and an empty one.

    A field "error" is llama.cpp's way to say one.
    """
    if line.startswith(b"data:"):
        return line[5:].strip()
    if line.startswith(b"{"):
        return line
    if line == b"[" or line.startswith(b"[{"):  # Google puts its error into a list
        return line[1:].removesuffix(b"]")
    if line.startswith(b"error:"):
        error = line[6:].strip()
        return b'{"error":' + error + b"}" if error.startswith((b"{", b'"')) else None
    return None
