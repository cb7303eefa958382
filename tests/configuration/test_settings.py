"""A setting is honoured or refused: what each may hold, and what is said of what it may not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.provisioners.registry import PROVISIONERS
from telephony.carriers.twilio import settings as twilio
from tests.house.settings_read import environment_reads
from warmline.kernel import configuration
from warmline.kernel.configuration import accounts
from warmline.kernel.configuration.checks import check
from warmline.kernel.configuration.setting import DJANGO, Refused, Setting
from warmline.kernel.errors import ConfigurationError

SETTINGS = {setting.name: setting for setting in (*configuration.SETTINGS, *twilio.SETTINGS)}
Set = Callable[[str, str], Setting[Any]]


@pytest.fixture
def holds(monkeypatch: pytest.MonkeyPatch) -> Set:
    """A variable of the environment, and the setting that reads it."""

    def put(name: str, text: str) -> Setting[Any]:
        monkeypatch.setenv(name, text)
        return SETTINGS[name]

    return put


HONOURED: list[tuple[str, str, object]] = [
    ("WARMLINE_PUBLIC_URL", "https://calls.example.com/", "https://calls.example.com"),
    ("WARMLINE_PUBLIC_URL", "  https://calls.example.com\n", "https://calls.example.com"),
    ("WARMLINE_PUBLIC_URL", "HTTPS://Calls.Example.COM", "https://calls.example.com"),
    ("WARMLINE_PUBLIC_URL", "https://calls.example.com:443", "https://calls.example.com"),
    ("WARMLINE_PUBLIC_URL", "http://calls.example.com:80/", "http://calls.example.com"),
    ("WARMLINE_PUBLIC_URL", "https://calls.example.com:8443/", "https://calls.example.com:8443"),
    ("WARMLINE_PUBLIC_URL", "https://bücher.example", "https://xn--bcher-kva.example"),
    ("WARMLINE_PUBLIC_URL", "http://[2001:DB8::1]:8000", "http://[2001:db8::1]:8000"),
    ("WARMLINE_PUBLIC_URL", "", "http://127.0.0.1:8000"),
    ("WARMLINE_PUBLIC_URL", "   ", "http://127.0.0.1:8000"),
    ("CHROMA_URL", "http://chroma.data.svc:8000/", "http://chroma.data.svc:8000"),
    ("WARMLINE_THINK_URL", "https://one.example/v1/", "https://one.example/v1"),
    ("WARMLINE_THINK_URL", "http://10.0.0.7:8000/v1", "http://10.0.0.7:8000/v1"),
    ("WARMLINE_DATABASE_POOL", " 20 ", 20),
    ("WARMLINE_MEDIA_DRAIN_S", "0", 0.0),
    ("WARMLINE_MEDIA_DRAIN_S", "2.5", 2.5),
    *(("WARMLINE_DEBUG", text, True) for text in ("1", "true", "TRUE", "Yes", "on")),
    *(("WARMLINE_DEBUG", text, False) for text in ("0", "false", "No", "OFF", "")),
    ("WARMLINE_REGIONS", "us-east, eu-west,,us-east", ("us-east", "eu-west")),
    ("WARMLINE_ALLOWED_HOSTS", " A.example , .b.example,, ", ("a.example", ".b.example")),
    ("WARMLINE_ALLOWED_HOSTS", "[::1],10.0.0.7,*", ("[::1]", "10.0.0.7", "*")),
    ("WARMLINE_MAIL_FROM", "Warmline <post@example.com>", "Warmline <post@example.com>"),
    ("WARMLINE_MAIL_FROM", "post@example.com", "post@example.com"),
    ("WARMLINE_SSO_DOMAINS", "example.com, example.org", ("example.com", "example.org")),
    ("TWILIO_AUTH_TOKENS", "aaa, bbb", ("aaa", "bbb")),
    ("TWILIO_AUTH_TOKENS", " aaa ,,bbb,", ("aaa", "bbb")),
    ("TWILIO_AUTH_TOKENS", "", ()),
    ("WARMLINE_SEALING_KEYS", f"{'k' * 32}, {'l' * 32}", ("k" * 32, "l" * 32)),
    ("WARMLINE_POOL_KEYS", '{"eu-west/think/a:b": " k "}', {"eu-west/think/a:b": "k"}),
    ("WARMLINE_POOL_KEYS", '{"eu-west/think/open": ""}', {"eu-west/think/open": ""}),
    ("WARMLINE_REGIONS_REDIS", '{"us-east": "redis://h/2"}', {"us-east": "redis://h/2"}),
    ("WARMLINE_REGIONS_REDIS", "{}", {}),
    ("WARMLINE_PROVISIONER", "kubernetes", "kubernetes"),
    ("WARMLINE_CARRIERS", "/a:/b:", ("/a", "/b")),
    ("WARMLINE_KUBERNETES_NAMESPACE", "a" * 63, "a" * 63),
    ("WARMLINE_PUBLIC_URL", "https://10.0.0.7:8443", "https://10.0.0.7:8443"),
    ("WARMLINE_THINK_KEY", " sk-a_b.c~d ", "sk-a_b.c~d"),
    ("WARMLINE_OUTBOUND_NETWORKS", "10.0.0.0/8, fd00::/8", ("10.0.0.0/8", "fd00::/8")),
    ("WARMLINE_OUTBOUND_NETWORKS", "", ()),
]


@pytest.mark.parametrize(("name", "text", "value"), HONOURED)
def test_what_is_right_is_honoured(holds: Set, name: str, text: str, value: object) -> None:
    """Blanks, an empty item, a final slash, another case and a usual port change no meaning."""
    assert holds(name, text).value() == value


REFUSED = [
    *(
        ("WARMLINE_OUTBOUND_NETWORKS", text)
        for text in ("10.0.0.7/8", "10.0.0.0/33", "example.com", "*", "10.0.0.0/8;fd00::/8")
    ),
    *(
        ("WARMLINE_PUBLIC_URL", text)
        for text in (
            *("calls.example.com", "//calls.example.com", "ftp://calls.example.com", "https://"),
            *("wss://calls.example.com", "https://calls.example.com/warmline", "https:///"),
            *(
                "https://calls.example.com?x=1",
                "https://calls.example.com#x",
                "https://a b.example",
            ),
            *("https://calls.example.com:99999", "https://calls.example.com:abc", "https://h:0"),
            *("https://calls.example.com:", "https://-bad.example", "https://a..b", "https:/h"),
            *("https://h,https://i", '"https://calls.example.com"', "https://[::1", "none"),
        )
    ),
    *(
        ("WARMLINE_PUBLIC_URL", f"https://{host}")
        for host in ("[::1]x", "[::1]x:80", "999.1.1.1", "1.2.3", "1.2.3.4.5", "a.0", "0")
    ),
    *(("WARMLINE_ALLOWED_HOSTS", text) for text in ("[:::::]", "[1:2]", "300.1.1.1")),
    ("WARMLINE_INTERNAL_URL", "web:8000"),
    ("CHROMA_URL", "chroma.data.svc:8000"),
    ("WARMLINE_THINK_URL", "ftp://provider.example/v1"),
    ("WARMLINE_THINK_URL", "provider.example/v1"),
    ("WARMLINE_THINK_URL", "https://user:key@provider.example/v1"),
    *(
        (name, text)
        for name in ("WARMLINE_DATABASE_POOL", "WARMLINE_MEDIA_SLOTS", "WARMLINE_STARTS_AT_ONCE")
        for text in ("abc", "-1", "0", "1.5", "1e3", "1_000", "0x10", "٨", "9" * 30, "8 ; 9")
    ),
    *(("WARMLINE_FIRST_REPLICA_PORT", text) for text in ("80", "65500", "70000")),
    *(("WARMLINE_WEB_PORT", text) for text in ("0", "65536", "-1", "tcp://10.0.0.1:80")),
    *(
        ("WARMLINE_MEDIA_DRAIN_S", text)
        for text in (*("nan", "inf", "-1", "1e9", "20s", "٢"), *("1_0", "1e2", "-0"))
    ),
    *(("WARMLINE_DEBUG", text) for text in ("flase", "2", "y", "enabled", "ja")),
    *(("WARMLINE_REGIONS", text) for text in ("US-EAST", "us_east", "us east", ",", "-us")),
    *(
        ("WARMLINE_ALLOWED_HOSTS", text)
        for text in (
            "https://a.example",
            "a.example:8000",
            "a.example/x",
            "a b",
            "::1",
            "*.a.example",
        )
    ),
    ("WARMLINE_PROVISIONER", "nomad"),
    ("WARMLINE_PROVISIONER", "fixed"),
    ("WARMLINE_PROVISIONER", "Local"),
    ("WARMLINE_POOL_PROVISIONERS", '{"us-east/think/frontdesk": "nomad"}'),
    ("WARMLINE_POOL_PROVISIONERS", '{"frontdesk": "local"}'),
    ("WARMLINE_KUBERNETES_FLOORS", '{"us-east/think/frontdesk": "vpa"}'),
    *(("WARMLINE_KUBERNETES_NAMESPACE", text) for text in ("No Such", "a-", "-a", "a" * 64)),
    *(
        ("WARMLINE_THINK_KEY", text)
        for text in ("a b", "a\nb", "Bearer key", '"key"', "'key'", "k\u00e9y", "fill in")
    ),
    *(
        ("WARMLINE_REGIONS_REDIS", text)
        for text in (
            *("notjson", "[]", "null", '{"us-east": 1}', '{"us-east": "h:6379"}', '"redis://h"'),
            *('{"US East": "redis://h"}', '{"us-east": "redis://h/x"}', "redis://h:6379/1"),
            '{"us-east": "redis://h/2", "us-east": "redis://h/3"}',
        )
    ),
    *(
        ("WARMLINE_POOL_KEYS", text)
        for text in (
            '{"think": "key"}',
            '{"us-east/think/a": "two words"}',
            '{"us-east/think/a": "one", "us-east/think/a": "two"}',
        )
    ),
    *(("TWILIO_AUTH_TOKENS", text) for text in ("one token", '"a","b"', "'a'", "a;b", "[a]")),
    ("TWILIO_AUTH_TOKENS", ", ,"),
    ("TWILIO_ACCOUNT_SID", "AC123"),
    ("TWILIO_ACCOUNT_SID", "fill in"),
    ("WARMLINE_SECRET_KEY", "fill in"),
    ("WARMLINE_MAIL_FROM", "nobody"),
    ("WARMLINE_MAIL_FROM", "A\nBcc: all@example.com <a@example.com>"),
    ("WARMLINE_SSO_DOMAINS", "*"),
    ("WARMLINE_SSO_DOMAINS", "localhost"),
    ("WARMLINE_SMTP_TLS", "yes"),
    ("WARMLINE_SMTP_HOST", "smtp://mail"),
    *(("WARMLINE_SEALING_KEYS", text) for text in ("short", "k" * 31, f"{'k' * 32},short")),
    ("WARMLINE_HOME", "~/warmline"),
    ("WARMLINE_CARRIERS", "~/carriers"),
    ("WARMLINE_CARRIERS", "/a:carriers"),
]


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_what_is_wrong_is_refused_in_a_sentence(holds: Set, name: str, text: str) -> None:
    """It names the variable, what that holds unless it is a secret, and what was expected."""
    setting = holds(name, text)
    with pytest.raises(ConfigurationError, match=r"^[A-Z_]+( \(|=).*: expected ") as refusal:
        setting.value()
    (sentence,) = str(refusal.value).splitlines()
    assert sentence.startswith(name)
    assert (text in sentence) is False or not setting.secret or len(text) < 6


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_whatever_it_holds_it_is_a_value_or_a_sentence(setting: Setting[Any], text: str) -> None:
    """Never an error of another kind, and never a word of a secret in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(setting.name, f"s3cr3t{text}")
        said = setting.name
        try:
            setting.value()
        except ConfigurationError as error:
            said = str(error)
    assert setting.name in said
    assert not setting.secret or "s3cr3t" not in said


@given(
    host=st.from_regex(r"[a-z][a-z0-9-]{0,10}[a-z0-9](\.[a-z]{2,6}){1,2}", fullmatch=True),
    port=st.none() | st.integers(1, 65_535),
    scheme=st.sampled_from(["http", "https", "HTTPS"]),
    slash=st.sampled_from(["", "/"]),
)
def test_an_origin_is_what_a_browser_sends(
    host: str, port: int | None, scheme: str, slash: str
) -> None:
    """No final slash, no usual port, small letters; read again it is the same."""
    shown = "" if port is None else f":{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARMLINE_PUBLIC_URL", f"{scheme}://{host}{shown}{slash}")
        origin = configuration.PUBLIC_URL.value()
        usual = {"http": 80, "https": 443}[scheme.lower()]
        suffix = "" if port in {None, usual} else f":{port}"
        assert origin == f"{scheme.lower()}://{host}{suffix}"
        patch.setenv("WARMLINE_PUBLIC_URL", origin)
        assert configuration.PUBLIC_URL.value() == origin


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line each, those of carriers among them; another process's are not looked at."""
    for name in ("DATABASE_URL", "WARMLINE_PUBLIC_URL", "TWILIO_AUTH_TOKENS", "WARMLINE_THINK_URL"):
        monkeypatch.setenv(name, "no, not this")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("WARMLINE_MEDIA_SLOTS", "none")
    with pytest.raises(Refused) as refusal:
        check(DJANGO, of_carriers=lambda: twilio.SETTINGS)
    assert {sentence.split(" ")[0].split("=")[0] for sentence in refusal.value.sentences} == {
        "DATABASE_URL",
        "REDIS_URL",
        "TWILIO_AUTH_TOKENS",
        "WARMLINE_PUBLIC_URL",
        "WARMLINE_THINK_URL",
    }
    assert "not this" not in "".join(
        sentence for sentence in refusal.value.sentences if sentence.startswith("DATABASE")
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("WARMLINE_PUBLC_URL", "; did you mean WARMLINE_PUBLIC_URL?"),
        ("WARMLINE_REGION_REDIS", "; did you mean WARMLINE_REGIONS_REDIS?"),
        ("WARMLINE_ALLOWED_HOST", "; did you mean WARMLINE_ALLOWED_HOSTS?"),
        ("WARMLINE_REDIS_URL", "; did you mean"),
        ("WARMLINE_QQQQQQ", ""),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    """Whoever set it meant something by it."""
    monkeypatch.setenv(name, "1")
    with pytest.raises(Refused, match=rf"^{name} is no setting of Warmline{re.escape(hint)}"):
        check({"media"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WARMLINE_SERVICE_HOST", "10.0.0.1"),
        ("WARMLINE_PORT", "tcp://10.0.0.1:80"),
        ("WARMLINE_API_SERVICE_PORT_HTTP", "80"),
        ("WARMLINE_API_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("WARMLINE_WEB_PORT", "tcp://10.0.0.1:80"),
    ],
)
def test_what_kubernetes_tells_of_a_service_is_no_mistake(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """A Service that is called warmline puts its address into every pod."""
    monkeypatch.setenv(name, value)
    check({"media"})


@pytest.mark.parametrize(
    "url",
    [
        *("redis://h/2", "redis://H/2", "redis://h:6379/2", "redis://u:p@h/2", "redis://h?db=2"),
        *("redis://h/02", "redis://h/2?socket_timeout=3"),
    ],
)
def test_two_regions_in_one_redis_are_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Their leases and plans would be one another's, however the address is written."""
    same = f'{{"us-east": "redis://h/2", "eu-west": "{url}", "ap-south": "redis://h/3"}}'
    monkeypatch.setenv("WARMLINE_REGIONS_REDIS", same)
    with pytest.raises(Refused, match="eu-west and us-east have the same Redis"):
        check({"media"})


def test_who_starts_replicas_is_named_as_the_registry_does() -> None:
    """A provisioner that is added may be named at once."""
    assert PROVISIONERS.keys() >= {"local", "kubernetes"}


def test_the_environment_is_read_in_one_place() -> None:
    """Beside the table only what belongs to the machine: its own set-up, and other programs'
    environments as they are handed on.
    """
    assert environment_reads() == {
        "inference/provisioners/kubernetes/api.py",  # KUBECONFIG, as its client reads it
        "platform/programs/frontdesk/vllm_server.py",  # handed on to vLLM
        "platform/programs/speech_server/stt/vocabularies.py",  # handed on to a child
        "platform/warmline/asgi.py",  # which settings Django reads
        "platform/warmline/celery.py",
        "platform/warmline/command_line.py",  # what the machine that runs has left
        "platform/warmline/embedded/home.py",  # XDG_RUNTIME_DIR
        "platform/warmline/embedded/machine.py",  # handed on to the planes
        "platform/warmline/embedded/setup/environments.py",  # before anything is installed
        "platform/warmline/embedded/setup/lock.py",
        "platform/warmline/embedded/setup/prepare.py",
        "platform/warmline/embedded/supervisor.py",
        "platform/warmline/kernel/configuration/checks.py",
        "platform/warmline/kernel/configuration/setting.py",
        "platform/warmline/kernel/exec_with_parent.py",  # handed on to a child
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"WARMLINE_SSO_URL": "https://id.example.com"},
            "expected WARMLINE_SSO_CLIENT_ID and WARMLINE_SSO_CLIENT_SECRET and WARMLINE_SSO_DOM",
        ),
        (
            {"WARMLINE_SSO_REQUIRED": "yes"},
            "WARMLINE_SSO_REQUIRED is set: expected WARMLINE_SSO_URL too",
        ),
        (
            {"WARMLINE_MAILBOX": "/mail", "WARMLINE_PUBLIC_URL": "https://calls.example.com"},
            "WARMLINE_MAILBOX shows everybody's mail: expected a WARMLINE_PUBLIC_URL of this",
        ),
    ],
)
def test_settings_about_people_that_contradict_themselves_are_refused(
    given: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider without its credential, a mailbox that others could open."""
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(Refused) as refused:
        check(DJANGO)
    assert told in str(refused.value)


def test_the_mail_servers_password_may_lie_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of it; a file that is not there is told by its name."""
    file = tmp_path / "password"
    file.write_text("sesame\n", encoding="utf-8")
    monkeypatch.setenv("WARMLINE_SMTP_PASSWORD_FILE", str(file))
    assert accounts.smtp_password() == "sesame"
    file.unlink()
    with pytest.raises(ConfigurationError, match="expected a file with a password"):
        accounts.smtp_password()
    monkeypatch.delenv("WARMLINE_SMTP_PASSWORD_FILE")
    monkeypatch.setenv("WARMLINE_SMTP_PASSWORD", "open")
    assert accounts.smtp_password() == "open"
