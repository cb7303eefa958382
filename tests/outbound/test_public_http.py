"""Requests to addresses that tenants give: nothing inside is reached, nothing goes on for ever."""

import gzip
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest

from warmline.kernel.outbound.errors import BadAddress, PrivateAddress, Unreachable
from warmline.kernel.outbound.public_http import Answer, open_public

LOOPBACK = (ip_network("127.0.0.0/8"),)
Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A site on this machine: its pages, and what was asked of it."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)

    def resolve(self, host: str, timeout_s: float) -> Sequence[str]:
        """Every name is this machine."""
        self.looked_up.append(host)
        return ["127.0.0.1"]

    def open(self, path: str, **options: Any) -> Answer:
        """Ask it, as an operator would who has opened loopback."""
        url = f"http://pages.example:{self.port}{path}"
        settings: dict[str, Any] = {"networks": LOOPBACK, "resolve": self.resolve, "timeout_s": 5.0}
        return open_public(url, **(settings | options))


def says(body: bytes, *, status: int = 200, **headers: str) -> Page:
    """A page with this body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def site() -> Iterator[Site]:
    """Served on loopback."""
    there = Site()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there.requests.append((self.command, dict(self.headers), sent))
            page = there.pages.get(self.path, says(b"nothing here", status=404))
            try:
                page(self)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = _any  # noqa: N815  the library's own names

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield there
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/"),
        *("http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/"),
        *("http://[64:ff9b::7f00:1]/", "http://10.0.0.1/", "http://[fe80::1]/"),
    ],
)
def test_this_machine_and_its_neighbours_are_not_asked(url: str) -> None:
    """By number or by name; before any connection is made."""
    with pytest.raises(PrivateAddress, match="public internet"):
        open_public(url, timeout_s=2)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.7"], ["::1", "8.8.8.8"], ["fe80::1%lo"], ["::ffff:a00:1"]],
)
def test_a_name_that_leads_inside_is_refused(addresses: list[str]) -> None:
    """Also when only one of its addresses does."""
    with pytest.raises(PrivateAddress):
        open_public("http://rebound.example/", resolve=lambda host, timeout_s: addresses)


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to(site: Site) -> None:
    """A name that answers otherwise the second time has no second time."""
    site.pages["/"] = says(b"hello")
    assert site.open("/").body == b"hello"
    assert site.looked_up == ["pages.example"]
    assert site.requests[0][1]["Host"] == f"pages.example:{site.port}"


def test_a_redirect_is_looked_at_like_the_first_address(site: Site) -> None:
    """It may not lead inside, nor to another scheme, nor on and on."""
    answers = {"pages.example": ["127.0.0.1"], "inside.example": ["10.1.2.3"]}

    def resolve(host: str, timeout_s: float) -> Sequence[str]:
        return answers.get(host, [host])

    site.pages |= {
        "/inside": says(b"", status=302, Location="http://inside.example/"),
        "/metadata": says(b"", status=301, Location="http://169.254.169.254/"),
        "/file": says(b"", status=307, Location="file://localhost/etc/hosts"),
        "/loop": says(b"", status=302, Location="/loop"),
        "/moved": says(b"", status=308, Location="/here"),
        "/here": says(b"found"),
    }
    for path in ("/inside", "/metadata"):
        with pytest.raises(PrivateAddress):
            site.open(path, max_redirects=3, resolve=resolve)
    with pytest.raises(BadAddress):
        site.open("/file", max_redirects=3)
    with pytest.raises(Unreachable, match="3 redirects"):
        site.open("/loop", max_redirects=3)
    moved = site.open("/moved", max_redirects=3)
    assert (moved.body, moved.url) == (b"found", f"http://pages.example:{site.port}/here")
    assert site.open("/moved").status == 308


def test_a_port_is_as_usual_but_where_the_operator_has_opened_it() -> None:
    """Nothing of the internet is knocked at by another's hand."""
    with pytest.raises(BadAddress, match="port 80"):
        open_public("http://mail.example:25/", resolve=lambda host, timeout_s: ["8.8.8.8"])


def test_a_body_goes_out_as_it_stands(site: Site) -> None:
    """With its headers and length, and whatever status comes is an answer."""
    site.pages["/hook"] = says(b"no", status=500, X_Why="busy")
    answer = site.open("/hook", method="POST", body=b'{"a":1}', headers={"X-Id": "7"})
    assert (answer.status, answer.body, answer.headers["x-why"]) == (500, b"no", "busy")
    method, headers, body = site.requests[0]
    assert (method, body, headers["X-Id"]) == ("POST", b'{"a":1}', "7")


def test_a_large_body_is_cut(site: Site) -> None:
    """At the bound, and it says so."""
    site.pages["/"] = says(b"x" * 100_000)
    answer = site.open("/", max_bytes=1000)
    assert (len(answer.body), answer.whole) == (1000, False)
    assert site.open("/", max_bytes=100_000).whole


def test_a_bomb_is_not_blown_up(site: Site) -> None:
    """A gigabyte in a megabyte; and what was not asked for is not opened at all."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    site.pages["/bomb"] = says(bomb, Content_Encoding="gzip")
    site.pages["/small"] = says(gzip.compress(b"hello"), Content_Encoding="gzip")
    site.pages["/other"] = says(b"hello", Content_Encoding="br")
    site.pages["/broken"] = says(b"hello", Content_Encoding="gzip")
    answer = site.open("/bomb", max_bytes=1000)
    assert (len(answer.body), answer.whole) == (1000, False)
    assert site.open("/small").body == b"hello"
    for path in ("/other", "/broken"):
        with pytest.raises(Unreachable):
            site.open(path)


def test_who_dawdles_is_left(site: Site) -> None:
    """A byte now and then does not keep the line: the deadline is for all of it."""
    gone = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not gone.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    def drip_headers(handler: BaseHTTPRequestHandler) -> None:
        while not gone.wait(0.05):
            handler.wfile.write(b"H")
            handler.wfile.flush()

    site.pages |= {"/body": drip, "/headers": drip_headers}
    for path in ("/body", "/headers"):
        began = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            site.open(path, timeout_s=0.4)
        assert time.monotonic() - began < 5
    gone.set()


def test_what_is_no_http_is_no_answer(site: Site) -> None:
    """Garbage, an endless header, a connection that is cut, nobody there."""

    def garbage(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")
        handler.close_connection = True

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(300):
            handler.wfile.write(b"x" * 1000)

    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"short")
        handler.close_connection = True

    site.pages |= {"/garbage": garbage, "/endless": endless, "/cut": cut}
    for path in ("/garbage", "/endless", "/cut"):
        with pytest.raises(Unreachable):
            site.open(path)
    with pytest.raises(Unreachable):
        open_public("http://127.0.0.1:1/", networks=LOOPBACK, timeout_s=2)


def test_a_name_that_nobody_knows_in_time_is_given_up() -> None:
    """The resolver's own patience is not ours."""
    began = time.monotonic()
    with pytest.raises(Unreachable):
        open_public("http://no-such-host.invalid/", timeout_s=1.5)
    assert time.monotonic() - began < 10


def test_an_operator_opens_a_network(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the setting, for that network alone."""
    site.pages["/"] = says(b"ours")
    monkeypatch.setenv("WARMLINE_OUTBOUND_NETWORKS", "127.0.0.0/8")
    assert open_public(f"http://127.0.0.1:{site.port}/").body == b"ours"
    with pytest.raises(PrivateAddress):
        open_public("http://10.0.0.1/", timeout_s=2)
