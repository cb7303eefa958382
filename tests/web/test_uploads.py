"""Documents are taken where they are uploaded, from who names a credential, and nowhere else."""

import select

import psutil
import pytest

from tests.web.conftest import Web, answer

MEGABYTE = 1024 * 1024
PLACE = "/api/v1/knowledge/documents"
KEY = "Authorization: Bearer wl_none_none\r\n"


def announced(path: str, size_bytes: int, *, headers: str = "", method: str = "POST") -> bytes:
    """The head of a request with a body of that size."""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size_bytes}\r\n"
        f"Content-Type: application/json\r\n{headers}Connection: close\r\n\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (PLACE, "POST", ""),
        (PLACE, "POST", "Cookie: theme=dark\r\n"),
        (PLACE, "GET", KEY),
        ("/api/v1/knowledge/search", "POST", KEY),
        ("/api/v1/calls", "POST", KEY),
        (f"{PLACE}/../../calls", "POST", KEY),
        ("/sign-in", "POST", KEY),
    ],
)
def test_a_large_body_is_refused_where_no_document_is_taken(
    web: Web, path: str, method: str, headers: str
) -> None:
    """As it is announced, before a byte of it is read."""
    request = announced(path, MEGABYTE, headers=headers, method=method)
    assert web.status_of(request) == 413


@pytest.mark.parametrize(
    "path",
    [
        PLACE,
        f"{PLACE}/01920000-0000-7000-8000-000000000000/content",
        "/knowledge/add/file",
        "/knowledge/documents/01920000-0000-7000-8000-000000000000/replace",
    ],
)
def test_a_document_has_its_own_limit(web: Web, path: str) -> None:
    """Two gigabytes are refused as they are announced; a megabyte is read first."""
    headers = f"{KEY}Cookie: sessionid=none\r\n"
    method = "PUT" if path.endswith("content") else "POST"
    huge = web.answer_to(announced(path, 2 * 1024 * MEGABYTE, headers=headers, method=method))
    assert huge.startswith(b"HTTP/1.1 413")
    assert b"at most 50 MiB" in huge
    body = announced(path, MEGABYTE, headers=headers, method=method) + b"x" * MEGABYTE
    assert web.status_of(body) in {302, 401, 403}


@pytest.mark.parametrize("path", [PLACE, "/knowledge/add/file"])
def test_two_gigabytes_without_a_length_are_counted(web: Web, path: str) -> None:
    """In chunks, for real: no more than the limit is taken, none of it is held in memory."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{KEY}Cookie: sessionid=none\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    piece = b"100000\r\n" + b"x" * MEGABYTE + b"\r\n"
    process = psutil.Process(web.pid)
    before, most = process.memory_info().rss, 0
    with web.connected() as connection:
        connection.sendall(head.encode())
        sent = 0
        # As a client does that reads while it writes.
        while sent < 2 * 1024 and not select.select([connection], [], [], 0)[0]:
            connection.sendall(piece)
            sent += 1
            most = max(most, process.memory_info().rss)
        told = answer(connection)
    assert told.startswith(b"HTTP/1.1 413")
    assert b"at most 50 MiB" in told
    assert 50 <= sent < 70, f"{sent} MiB were taken"
    assert most - before < 40 * MEGABYTE, f"{(most - before) // MEGABYTE} MiB more"
