"""Which addresses are asked at all: every way that is known to lead inside is refused."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.kernel.outbound.addresses import is_public, parse_url
from warmline.kernel.outbound.errors import BadAddress

INSIDE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1"),
    *("172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
    *("192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1"),
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1"),
    *("fd00:ec2::254", "ff02::1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2001:10::1", "5f00::1"),
]


@pytest.mark.parametrize("text", INSIDE)
def test_what_is_not_on_the_public_internet_is_known_by_its_number(text: str) -> None:
    """Loopback, private, link-local, metadata, multicast, reserved; also inside of IPv6."""
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        *("8.8.8.8", "172.32.0.1", "100.128.0.1", "1.1.1.1", "2606:4700::1111", "2a00:1450::1"),
        *("::ffff:8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_what_is_public_is_known_too(text: str) -> None:
    """An IPv4 address behind a translator counts as itself."""
    assert is_public(ip_address(text))


@given(number=st.integers(min_value=0, max_value=2**32 - 1))
def test_no_ipv4_address_is_public_that_the_library_calls_private(number: int) -> None:
    """The standard library's own table never allows more than ours refuses, in either form."""
    address = ip_address(number)
    mapped = ip_address(f"::ffff:{address}")
    translated = ip_address(int(ip_address("64:ff9b::")) + number)
    if address.is_private or address.is_multicast or address.is_reserved:
        assert not is_public(address)
    assert is_public(mapped) == is_public(translated) == is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("", "www.example.com", "//www.example.com", "/prices", "javascript:alert(1)"),
        *("file://localhost/etc/passwd", "gopher://example.com", "ftp://example.com/"),
        *("data:text/html,x",),
        *("http://", "http:///x", "http://:80/", "https://user:secret@example.com/"),
        *("https://user@example.com", "http://example.com:0/", "http://example.com:99999/"),
        *("http://example.com:x/", "http://exa mple.com/", "http://example.com\\@127.0.0.1/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://0x7f.0.0.1/", "http://256.1.1.1/", "http://1.2.3.4.5/"),
        *("http://[fe80::1%25eth0]", "http://exa%6dple.com/", "http://example.com:/"),
        *("http://[::1", "http://::1/", "http://ex\x00ample.com/", "http://a.example/\r\nHost: x"),
        *("http://.example.com/", f"http://{'a' * 64}.com/", f"https://a.example/{'x' * 2000}"),
    ],
)  # fmt: skip
def test_what_is_no_pages_address_is_refused(url: str) -> None:
    """Other schemes, sign-ins, numbers in odd bases, characters that are read in two ways."""
    with pytest.raises(BadAddress, match="expected"):
        parse_url(url)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("http://example.com.:80/a?b=c#d", "http://example.com/a?b=c"),
        ("https://bücher.example/ü?q=ö", "https://xn--bcher-kva.example/%C3%BC?q=%C3%B6"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://[2606:4700::0001]:443/", "http://[2606:4700::1]:443/"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
    ],
)
def test_an_address_has_one_reading(url: str, read: str) -> None:
    """What is shown is what is asked."""
    assert str(parse_url(url)) == read


@given(location=st.text(max_size=60))
def test_a_link_leads_to_a_page_or_is_refused(location: str) -> None:
    """Whatever a page or a redirect names."""
    try:
        there = parse_url("https://example.com/a/b").joined(location)
    except BadAddress:
        return
    assert str(parse_url(str(there))) == str(there)
