"""How pip and uv are called: with the machine's indexes, proxies and certificates, and with nothing
else of it.

A constraint, a target folder or a module path that somebody set for other work would bend what is
installed, or stop it. Standard library only, as all of the set-up.
"""

import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from configparser import Error, RawConfigParser
from pathlib import Path

# Where packages come from, how the way there is trusted, and how long to wait on it (pip:
# "Configuration").
KEPT_OF_PIP = frozenset({
    *("index-url", "extra-index-url", "find-links", "no-index", "keyring-provider"),
    *("proxy", "cert", "client-cert", "trusted-host", "use-feature"),  # truststore is a feature
    *("timeout", "default-timeout", "retries", "cache-dir"),
})  # fmt: skip
# The same of uv (uv: "Environment variables"), each with what begins like it:
# UV_INDEX_<NAME>_PASSWORD.
KEPT_OF_UV = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_KEYRING_PROVIDER"),
    *("UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_OFFLINE"),
    *("UV_HTTP_", "UV_CONCURRENT_", "UV_CACHE_DIR"),
)
# What uv is told of its own files, which it reads no further: they name a company's certificates.
KEPT_OF_UV_FILES = {
    "native-tls": "UV_NATIVE_TLS",
    "system-certs": "UV_SYSTEM_CERTS",
    "allow-insecure-host": "UV_INSECURE_HOST",
}
BENDING = ("PIP_", "UV_", "PYTHON", "HATCH_", "VIRTUAL_ENV")
OURS = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_NO_CONFIG": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "PYTHONUTF8": "1",
}


class SetUpFailed(Exception):
    """One sentence for the person at the terminal."""


def installers_environment(
    environ: Mapping[str, str], *, spare_cache: Path, etc: Path = Path("/etc")
) -> dict[str, str]:
    """What pip and uv are given of the machine's environment and configuration files.

    uv, which does nothing without a cache, gets the spare one where the person's own cannot be
    written. Raises `SetUpFailed` when a configuration file cannot be read.
    """
    neutral = {key: value for key, value in environ.items() if not key.startswith(BENDING)}
    uv = _uv_settings(environ, etc)
    if "UV_CACHE_DIR" not in uv and not _may_be_written(
        _folder(environ, "XDG_CACHE_HOME", ".cache") / "uv"
    ):
        uv["UV_CACHE_DIR"] = str(spare_cache)
    return {**neutral, **_pip_settings(environ, etc), **uv, **OURS}


def _pip_settings(environ: Mapping[str, str], etc: Path) -> dict[str, str]:
    """What is kept of pip's files and variables, as variables.

    Like pip, an empty one counts as not set.
    """
    parser = RawConfigParser()
    for path in _pip_files(environ, etc):
        try:
            parser.read(path, encoding="utf-8")
        except (Error, UnicodeDecodeError) as error:
            raise SetUpFailed(f"pip's configuration file {path} cannot be read: {error}") from error
    sections = [parser[name] for name in ("global", "install") if parser.has_section(name)]
    variables = {key[4:]: value for key, value in environ.items() if key.startswith("PIP_")}
    settings: dict[str, str] = {}
    for source in (*sections, variables):
        named = {
            name.lower().replace("_", "-"): " ".join(value.split())
            for name, value in source.items()
        }
        settings |= {name: value for name, value in named.items() if name in KEPT_OF_PIP and value}
    return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in settings.items()}


def _pip_files(environ: Mapping[str, str], etc: Path) -> Iterator[Path]:
    """The files that pip reads, the one that counts most last."""
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    yield from (folder / "pip" / "pip.conf" for folder in _system_folders(environ, etc))
    yield etc / "pip.conf"
    if named and Path(named).exists():
        yield Path(named)
    else:
        yield _home(environ) / ".pip" / "pip.conf"
        yield _folder(environ, "XDG_CONFIG_HOME", ".config") / "pip" / "pip.conf"


def _uv_settings(environ: Mapping[str, str], etc: Path) -> dict[str, str]:
    """What is kept of uv's files and variables, as variables."""
    folders = (etc, *_system_folders(environ, etc), _folder(environ, "XDG_CONFIG_HOME", ".config"))
    found: dict[str, str] = {}
    for path in (folder / "uv" / "uv.toml" for folder in folders):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError:
            continue
        except ValueError as error:
            raise SetUpFailed(f"uv's configuration file {path} cannot be read: {error}") from error
        for name in KEPT_OF_UV_FILES.keys() & content.keys():
            value = content[name]
            found[KEPT_OF_UV_FILES[name]] = (
                " ".join(value) if isinstance(value, list) else str(value).lower()
            )
    return found | {key: value for key, value in environ.items() if key.startswith(KEPT_OF_UV)}


def _system_folders(environ: Mapping[str, str], etc: Path) -> list[Path]:
    return [
        Path(folder)
        for folder in (environ.get("XDG_CONFIG_DIRS") or f"{etc}/xdg").split(os.pathsep)
    ]


def _folder(environ: Mapping[str, str], variable: str, in_home: str) -> Path:
    """A folder of the person's: the one that the variable names, else its usual place at home."""
    return Path(environ.get(variable) or _home(environ) / in_home)


def _home(environ: Mapping[str, str]) -> Path:
    # Unlike Path's, never an error.
    return Path(environ.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111


def _may_be_written(folder: Path) -> bool:
    """Tried, since a folder's mode says little to root or on a read-only disk."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
