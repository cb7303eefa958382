"""Setting a machine up: once, whole or not at all, resumable, with a sentence on failure."""

import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from warmline.embedded.setup import environments, prepare
from warmline.embedded.setup.environments import Environment, Step
from warmline.embedded.setup.installers import SetUpFailed

PATIENCE_S = 30
# The environment under test has none of its own.
PIP = (f"{sys.base_prefix}/bin/python3", "-m", "pip")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing was set up yet."""
    monkeypatch.setenv("WARMLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def environment(folder: Path, *scripts: str, wants: str = "parts 1") -> Environment:
    """One whose steps are shell scripts."""
    steps = tuple(
        Step(f"step {number}", ("sh", "-c", script))
        for number, script in enumerate(scripts, start=1)
    )
    return Environment(name="tried", folder=folder, wants=wants, steps=steps)


def test_what_is_ready_is_not_made_again(tmp_path: Path) -> None:
    """The second set-up changes nothing; another wanted content does."""
    folder = tmp_path / "made"
    script = f"mkdir -p {folder} && echo made >> {folder}/count"
    assert prepare.make_ready(environment(folder, script))
    assert not prepare.make_ready(environment(folder, script))
    assert prepare.make_ready(environment(folder, script, wants="parts 2"))
    assert (folder / "count").read_text(encoding="utf-8") == "made\n" * 2


def test_a_failing_step_is_one_sentence_with_its_log(tmp_path: Path, home: Path) -> None:
    """The step, its exit code, its last words, and where to read on."""
    folder = tmp_path / "made"
    with pytest.raises(
        SetUpFailed,
        match=r"tried: step 1 failed \(exit 3: no such wheel\); the log: .*setup-tried.log",
    ):
        prepare.make_ready(environment(folder, "echo no such wheel; exit 3"))


def test_after_a_failure_the_next_set_up_begins_anew(tmp_path: Path) -> None:
    """Nothing of the half-made folder is used."""
    folder = tmp_path / "made"
    with pytest.raises(SetUpFailed):
        prepare.make_ready(
            environment(folder, f"mkdir -p {folder} && touch {folder}/half && exit 1")
        )
    prepare.make_ready(environment(folder, f"mkdir -p {folder} && touch {folder}/whole"))
    assert [path.name for path in folder.iterdir()] == ["whole"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_set_up_starts_again_and_leaves_no_process(
    tmp_path: Path, home: Path, number: signal.Signals
) -> None:
    """Ctrl-C in the middle of making the project's environment; the next run makes it whole."""
    folder = tmp_path / "made"
    pid_file = tmp_path / "pid"
    program = f"""
import sys
sys.path[:0] = [{str(Path(prepare.__file__).parent)!r}]
import prepare
from pathlib import Path
slow = "mkdir -p {folder} && touch {folder}/half && echo $$ > {pid_file} && exec sleep 600"
step = prepare.Step("step", ("sh", "-c", slow))
folder = Path({str(folder)!r})
prepare.tools = lambda: prepare.Environment(name="tried", folder=folder, wants="1", steps=(step,))
sys.exit(prepare.main(["project"]))
"""
    process = subprocess.Popen(
        (sys.executable, "-c", program), stderr=subprocess.PIPE, encoding="utf-8"
    )
    deadline = time.monotonic() + PATIENCE_S
    while (
        not (pid_file.exists() and pid_file.read_text(encoding="utf-8").strip())
        and time.monotonic() < deadline
    ):
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_S)
    step_pid = int(pid_file.read_text(encoding="utf-8"))
    if number is not signal.SIGKILL:
        assert process.returncode == 130
        assert "the same command starts it again" in said
    while Path(f"/proc/{step_pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{step_pid}").exists()

    prepare.make_ready(environment(folder, f"mkdir -p {folder} && touch {folder}/whole"))

    assert [path.name for path in folder.iterdir()] == ["whole"]


def test_a_home_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is downloaded."""
    obstacle = tmp_path / "file"
    obstacle.write_text("", encoding="utf-8")
    monkeypatch.setenv("WARMLINE_HOME", str(obstacle / "home"))
    with pytest.raises(SetUpFailed, match=r"is not writable .* set WARMLINE_HOME"):
        prepare.make_ready(environment(tmp_path / "made", "true"))


def locked(lock: Path) -> dict[str, int]:
    """What a lock lists, and how many files each may come from."""
    packages = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    return {package.split()[0]: package.count("--hash=sha256:") for package in packages}


@pytest.mark.parametrize("extra", ["cpu", "gpu"])
def test_the_engines_lock_names_every_file_that_may_be_installed(extra: str) -> None:
    """The pins of pyproject.toml are in it, each package has one version and hashes, and no index
    is named.
    """
    packages = locked(environments.engine_lock(extra))
    assert packages.keys() >= set(environments.engine_pins(extra))
    assert all("==" in package for package in packages)
    assert min(packages.values()) >= 1
    assert "://" not in environments.engine_lock(extra).read_text(encoding="utf-8")


def test_the_installer_is_installed_from_a_lock_too() -> None:
    """The version that the set-up asks for, and nothing beside it."""
    assert locked(environments.tools_lock()).keys() == {environments.UV}


@pytest.mark.parametrize("made", [environments.engine, environments.tools])
def test_what_pip_installs_is_what_a_lock_lists(made: Callable[[], Environment]) -> None:
    """Each call of pip refuses what has another hash, and adds nothing by itself; a changed lock
    is a reason to begin anew.
    """
    environment = made()
    installs = [step.argv for step in environment.steps if "install" in step.argv]
    assert installs
    assert all({"--require-hashes", "--no-deps"} <= set(argv) for argv in installs)
    (lock,) = {argv[-1] for argv in installs}
    assert environment.wants == sha256(Path(lock).read_bytes()).hexdigest()
    assert "--clear" in environment.steps[0].argv


def offer(folder: Path, *versions: str, summary: str = "") -> None:
    """Packages that are called torch, as an index has them."""
    folder.mkdir(exist_ok=True)
    for version in versions:
        with zipfile.ZipFile(folder / f"torch-{version}-py3-none-any.whl", "w") as wheel:
            meta = f"torch-{version}.dist-info"
            wheel.writestr(
                f"{meta}/METADATA",
                f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\nSummary: {summary}\n",
            )
            wheel.writestr(
                f"{meta}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{meta}/RECORD", "")


def lock_of(wheel: Path, version: str) -> Path:
    """The lock that lists this file of torch."""
    lock = wheel.parent.with_name("cpu.txt")
    digest = sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(f"torch=={version} \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
    return lock


def install_torch(offered: Path, lock: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Into an environment that is not there, by a pip that knows nothing but what is offered.

    The machine's own configuration says so, with what bends every other installation there.
    """
    settings = offered.with_name("pip.conf")
    constraints = offered.with_name("constraints.txt")
    constraints.write_text("torch<=2.14.1\n", encoding="utf-8")
    settings.write_text(
        f"[global]\nno-index = true\nfind-links = {offered}\nconstraint = {constraints}\n"
        "[install]\nuser = true\nrequire-virtualenv = true\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    target = offered.with_name("made")
    step = environments.install_locked("torch", lock, PIP)
    into = Step(step.doing, (*step.argv, "--target", str(target)), step.unless_offered)
    prepare.make_ready(Environment(name="tried", folder=target, wants="1", steps=(into,)))
    return [path.name for path in target.glob("*.dist-info")]


CPU_BUILD = "2.13.0+cpu"
CPU_WHEEL = f"torch-{CPU_BUILD}-py3-none-any.whl"


def test_torchs_build_for_the_cpu_is_installed_where_pip_offers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the other one of the same version."""
    offer(tmp_path / "offered", "2.13.0", CPU_BUILD)
    lock = lock_of(tmp_path / "offered" / CPU_WHEEL, CPU_BUILD)
    assert install_torch(tmp_path / "offered", lock, monkeypatch) == [
        f"torch-{CPU_BUILD}.dist-info"
    ]


def test_a_file_that_is_not_the_locked_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same name and version with other contents: nothing of it is installed."""
    offer(tmp_path / "offered", CPU_BUILD)
    lock = lock_of(tmp_path / "offered" / CPU_WHEEL, CPU_BUILD)
    offer(tmp_path / "offered", CPU_BUILD, summary="planted")
    with pytest.raises(SetUpFailed, match=r"installing torch failed"):
        install_torch(tmp_path / "offered", lock, monkeypatch)
    assert not (tmp_path / "made").exists()


def test_without_torchs_build_for_the_cpu_the_person_learns_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: nothing is downloaded that could not be used."""
    offer(tmp_path / "offered", CPU_BUILD)
    lock = lock_of(tmp_path / "offered" / CPU_WHEEL, CPU_BUILD)
    (tmp_path / "offered" / CPU_WHEEL).unlink()
    offer(tmp_path / "offered", "2.13.0")
    with pytest.raises(SetUpFailed, match=r"cpu\.txt .* set PIP_EXTRA_INDEX_URL to PyTorch's"):
        install_torch(tmp_path / "offered", lock, monkeypatch)


def test_an_index_that_is_not_reached_is_not_taken_for_one_that_lacks_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that is down is told in pip's own words."""
    offer(tmp_path / "offered", CPU_BUILD)
    lock = lock_of(tmp_path / "offered" / CPU_WHEEL, CPU_BUILD)
    (tmp_path / "offered" / CPU_WHEEL).unlink()
    with pytest.raises(
        SetUpFailed, match=r"installing torch failed \(exit 1: .*No matching distribution"
    ):
        install_torch(tmp_path / "offered", lock, monkeypatch)
