"""What a client may send: whatever is wrong, large or never whole is refused in a sentence."""

import socket

import psutil
import pytest

from tests import services
from tests.web.conftest import Web, answer, status

pytestmark = pytest.mark.django_db
HOST_LINE = b"Host: localhost\r\n"
HEAD = b" HTTP/1.1\r\n" + HOST_LINE
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def post(headers: bytes, body: bytes = b"", *, path: bytes = b"/healthz/live") -> bytes:
    return b"POST " + path + HEAD + headers + body


def get(path: bytes, headers: bytes = b"") -> bytes:
    return b"GET " + path + HEAD + headers + b"\r\n"


TOO_LARGE = {
    "announced": post(b"Content-Length: 199000000\r\n\r\n"),
    "announced by too many digits to count": post(b"Content-Length: " + b"9" * 18 + b"\r\n\r\n"),
    "a form": post(b"Content-Length: 100000\r\n\r\n", b"a" * 100_000, path=b"/sign-in"),
    "a webhook": post(b"Content-Length: 100000\r\n\r\n", b"a" * 100_000, path=b"/twilio/voice"),
    "for the API": post(b"Content-Length: 100000\r\n\r\n", b"a" * 100_000, path=b"/api/v1/calls"),
    "in chunks": post(CHUNKED, (b"400\r\n" + b"a" * 1024 + b"\r\n") * 100 + b"0\r\n\r\n"),
}
HEADERS_TOO_LARGE = {
    "an address": get(b"/" + b"a" * 40_000),
    "one header": get(b"/", b"X: " + b"a" * 40_000 + b"\r\n"),
    "many headers": get(b"/", b"".join(b"X%d: a\r\n" % number for number in range(6000))),
    "a header without end": b"GET /" + HEAD + b"X: " + b"a" * 600_000,
    "an address without end": b"GET /" + b"a" * 600_000,
    "a chunk's extension without end": post(CHUNKED, b"5;" + b"a" * 600_000),
    "a trailer without end": post(CHUNKED, b"1\r\na\r\n0\r\nX: " + b"a" * 600_000),
}
# What two servers in a row might read as two different requests, or one as none.
AMBIGUOUS = {
    "a negative length": post(b"Content-Length: -1\r\n\r\n"),
    "a length with a sign": post(b"Content-Length: +5\r\n\r\n", b"hello"),
    "a length in words": post(b"Content-Length: five\r\n\r\n"),
    "a length beyond 64 bits": post(b"Content-Length: " + b"9" * 40 + b"\r\n\r\n"),
    "two lengths": post(b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", b"hello"),
    "a length and chunks": post(b"Content-Length: 5\r\n" + CHUNKED, b"0\r\n\r\n"),
    "an unknown coding": post(b"Transfer-Encoding: xchunked\r\n\r\n", b"0\r\n\r\n"),
    "chunks that are not last": post(b"Transfer-Encoding: chunked, identity\r\n\r\n"),
    "a blank before the colon": post(b"Transfer-Encoding : chunked\r\n\r\n", b"0\r\n\r\n"),
    "a folded header": post(b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
    "lines without CR": b"GET /healthz/live HTTP/1.1\nHost: localhost\n\n",
    "a bare CR": get(b"/", b"X: a\rb\r\n"),
    "a NUL in a header": get(b"/", b"X: a\0b\r\n"),
    "a chunk beyond 64 bits": post(CHUNKED, b"ffffffffffffffff0\r\na"),
    "two hosts": get(b"/sign-in", b"Host: evil.example\r\n"),
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/3.0": b"GET / HTTP/3.0\r\n" + HOST_LINE + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "CONNECT": b"CONNECT a:80" + HEAD + b"\r\n",
    "bytes in the path": get(b"/\xff"),
    "bytes in the query": get(b"/sign-in?a=\xff"),
    "bytes in a webhook's query": post(b"Content-Length: 0\r\n\r\n", path=b"/twilio/voice?a=\xff"),
    "NUL in the path": get(b"/calls/%00"),
    "a control character in the path": get(b"/calls/%1b"),
    "NUL in the query": get(b"/sign-in?next=%00"),
    "NUL hidden in a cookie": get(b"/", b'Cookie: sessionid="\\000aaaaaaaaaaaaaaaa"\r\n'),
    "an upgrade with bytes in its path": b"GET /\xff" + HEAD + UPGRADE,
    "an upgrade of an old version": get(b"/calls/live", UPGRADE[:-2].replace(b"13", b"12")),
    "an upgrade without a key": get(b"/calls/live", UPGRADE.partition(b"Sec-WebSocket-Key")[0]),
}
NOT_HERE = (
    "/metrics",
    "/metrics/",
    "/%6detrics",
    "/METRICS",
    "//metrics",
    "/internal",
    "/internal/",
    "/internal/calls/a/tools/b",
    "/%69nternal/calls/a/knowledge",
    "//internal/calls/a/knowledge",
    "/internal/calls/00000000-0000-7000-8000-000000000000/recording/1",
    "http://localhost/metrics",
    "/admin/",
    "/admin/login/",
)


@pytest.mark.parametrize("what", TOO_LARGE)
def test_a_body_is_bounded_on_every_path(web: Web, what: str) -> None:
    """413 with a sentence, before anything is kept of it."""
    response = web.answer_to(TOO_LARGE[what])
    assert status(response) == 413
    assert b"expected at most 64 KiB" in response


@pytest.mark.parametrize("what", HEADERS_TOO_LARGE)
def test_headers_are_bounded(web: Web, what: str) -> None:
    """And whatever else frames a request: 431, however it is spread."""
    response = web.answer_to(HEADERS_TOO_LARGE[what])
    assert status(response) == 431
    assert b"expected at most 32 KiB" in response


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_refused(web: Web, what: str) -> None:
    """400."""
    assert web.status_of(AMBIGUOUS[what]) == 400


@pytest.mark.parametrize("path", NOT_HERE)
def test_what_is_internal_is_not_on_the_public_listener(web: Web, path: str) -> None:
    """However it is spelled, by GET and POST, and not as a WebSocket."""
    for request in (get(path.encode()), post(b"Content-Length: 0\r\n\r\n", path=path.encode())):
        assert web.status_of(request) == 404
    assert web.status_of(b"GET " + path.encode() + HEAD + UPGRADE) == 403


@pytest.mark.parametrize("path", ["/", "/sign-in", "/calls/", "/twilio/voice", "/api/v1/calls"])
def test_nothing_else_is_on_the_internal_listener(web: Web, path: str) -> None:
    """Whoever reaches it is no browser and no carrier."""
    assert web.status_of(get(path.encode()), internal=True) == 404


def test_the_internal_listener_has_figures_probes_and_the_calls_doors(web: Web) -> None:
    """The doors ask for the call's token."""
    tools = post(b"Content-Length: 2\r\n\r\n", b"{}", path=b"/internal/calls/a/tools/b")
    assert web.status_of(get(b"/metrics"), internal=True) == 200
    assert web.status_of(get(b"/healthz/live"), internal=True) == 200
    assert web.status_of(tools, internal=True) == 401


def test_a_recording_is_not_read_from_whoever_has_no_token(web: Web) -> None:
    """Its limit is greater; 64 MiB of a stranger's would be on the disk."""
    path = b"/internal/calls/00000000-0000-7000-8000-000000000000/recording/1"
    for bearer in (b"", b"Authorization: Bearer x\r\n", b"Authorization: Bearer \xff\r\n"):
        head = b"PUT " + path + HEAD + bearer + b"Content-Length: 60000000\r\n\r\n"
        assert web.status_of(head, internal=True) == 401


@pytest.mark.parametrize("path", [b"/nowhere", b"/calls/", b"/twilio/media", b"/calls/x/live"])
def test_a_socket_to_nowhere_is_closed(web: Web, path: bytes) -> None:
    """Before it is open, and nothing breaks."""
    assert web.status_of(b"GET " + path + HEAD + UPGRADE) == 403


@pytest.mark.parametrize(
    "origin", [b"http://[", b"http://localhost:99999999", b"null", b"http://evil.example", b"\xff"]
)
def test_a_socket_from_another_site_is_closed(web: Web, origin: bytes) -> None:
    """Or from what is no site at all."""
    headers = HEAD + b"Origin: " + origin + b"\r\n" + UPGRADE
    assert web.status_of(b"GET /calls/live" + headers) == 403


def test_small_chunks_are_a_body_too(web: Web) -> None:
    """Framing may weigh more than what it carries."""
    body = b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
    assert web.status_of(post(CHUNKED, body, path=b"/twilio/voice")) == 403


def test_what_follows_a_chunked_body_is_no_header_of_the_request(web: Web) -> None:
    """Nobody says who they are after the door has looked."""
    cookie = b"1\r\na\r\n0\r\nHost: evil.example\r\n\r\n"
    assert web.status_of(b"GET /sign-in" + HEAD + CHUNKED + cookie) == 200


def test_requests_in_a_row_are_answered_in_their_order(web: Web) -> None:
    """On one connection, sent at once: bounds count for each by itself."""
    with web.connected() as connection:
        connection.sendall(get(b"/healthz/live") * 50 + get(b"/metrics", b"Connection: close\r\n"))
        answered = b""
        while piece := connection.recv(65536):
            answered += piece
    assert answered.count(b"HTTP/1.1 200 OK") == 50
    assert answered.rindex(b"HTTP/1.1 200") < answered.index(b"HTTP/1.1 404")


def test_a_body_half_sent_is_given_up(web: Web) -> None:
    """408, in the form that whoever asked reads; the connection is closed."""
    started = [
        (b"/twilio/voice", b"text/plain"),
        (b"/api/v1/calls", b"application/problem+json"),
        (b"/sign-in", b"text/html"),
    ]
    connections: list[socket.socket] = []
    for path, _ in started:
        connections.append(socket.create_connection(("127.0.0.1", web.port), timeout=20))
        connections[-1].sendall(post(b"Content-Length: 100\r\n\r\n", b"half", path=path))
    for connection, (_, kind) in zip(connections, started, strict=True):
        with connection:
            response = answer(connection)
            assert status(response) == 408
            assert b"expected whole within 5 s" in response
            assert b"content-type: " + kind in response.lower()
            assert connection.recv(1) == b""


def test_nothing_of_it_all_breaks_the_process(web: Web) -> None:
    """No line of its log is an exception's, and its memory is what it was."""
    log = (services.home.logs / "web.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert psutil.Process(web.pid).memory_info().rss < 400 * 1024 * 1024
