"""Which addresses a company may give: the public internet by https, and what was opened."""

import pytest

from tenants.webhooks.addresses import endpoint_url
from warmline.kernel.errors import BadInput

TAKEN = {
    "https://hooks.example.com": "https://hooks.example.com/",
    "https://hooks.example.com:443/a?b=c#d": "https://hooks.example.com/a?b=c",
    "HTTPS://Hooks.Example.COM/Path": "https://hooks.example.com/Path",
    "https://bücher.example/ä": "https://xn--bcher-kva.example/%C3%A4",
    "https://8.8.8.8/": "https://8.8.8.8/",
    "https://[2606:4700::1111]/": "https://[2606:4700::1111]/",
}
REFUSED = [
    *("", "hooks.example.com", "ftp://example.com/", "javascript:alert(1)", "https://"),
    *("http://hooks.example.com/", "https://hooks.example.com:8443/", "https://example.com:22/"),
    *("https://user:password@example.com/", "https://example.com@127.0.0.1/"),
    *("https://127.0.0.1/", "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/"),
    *("https://169.254.169.254/latest/meta-data", "https://100.64.0.1/", "https://0.0.0.0/"),
    *("https://[::1]/", "https://[fd00::1]/", "https://[fe80::1%25eth0]/"),
    *("https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"),
    *("https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0177.0.0.1/"),
    *("https://localhost/", "https://LOCALHOST./", "https://a.localhost/", "https://chroma/"),
    *("https://printer.local/", "https://metadata.google.internal/", "https://x.home.arpa/"),
    *("https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://example.com\\@127.0.0.1/"),
    *("https://example.com/\r\nX-Injected: 1", "https://example.com/\0", "https://exa mple.com/"),
    *("https://example.com:0/", "https://example.com:99999/", "https://example.com:/"),
    "https://example.com/" + "a" * 2000,
]


@pytest.fixture(autouse=True)
def _nothing_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WARMLINE_OUTBOUND_NETWORKS", raising=False)


@pytest.mark.parametrize(("url", "kept"), TAKEN.items())
def test_a_public_https_address_is_taken_in_its_one_spelling(url: str, kept: str) -> None:
    """What is kept is what is asked, and it is taken again."""
    assert endpoint_url(url) == kept == endpoint_url(kept)


@pytest.mark.parametrize("url", REFUSED)
def test_anything_else_is_refused_beside_its_field(url: str) -> None:
    """In a sentence that says what was expected."""
    with pytest.raises(BadInput, match="expected") as refusal:
        endpoint_url(url)
    assert refusal.value.field == "url"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9000/hook", "http://localhost:9000/hook", "https://127.0.0.1/"]
)
def test_what_the_operator_opened_may_be_http_and_at_any_port(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver that is developed on this machine; other private addresses stay closed."""
    monkeypatch.setenv("WARMLINE_OUTBOUND_NETWORKS", "127.0.0.0/8")
    assert endpoint_url(url) == url
    for closed in ("http://10.0.0.1:9000/", "http://hooks.example.com/", "https://10.0.0.1/"):
        with pytest.raises(BadInput):
            endpoint_url(closed)
