"""Starts one program so that it cannot outlive whoever started it.

Run as `python -I -S exec_with_parent.py SPEC.json` by the supervisor; standard library only, gone
after `exec`. The spec: argv, env (added to what is inherited), cwd, and optionally a user to
become.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

# linux/prctl.h and linux/capability.h
PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Have the kernel send SIGTERM when the parent dies; exit at once if it is dead already."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(f"the process that started this one (pid {parent}) is gone")


def become(*, uid: int, gid: int) -> None:
    """Change from root to an ordinary user who may still pass through root's folders.

    PostgreSQL refuses to run as root, and a checkout often lies in a folder that only root may
    enter: of root's powers the program keeps CAP_DAC_OVERRIDE alone.
    """
    _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    kept = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable: for capabilities 0-31, then for 32-63
    sets = (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)
    if _libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def _prctl(option: int, *values: int) -> None:
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if _libc.prctl(option, *arguments) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def main(spec_path: str) -> None:
    """Read the spec and become its program; code 127 and a sentence when that cannot be."""
    parent = os.getppid()
    spec = json.loads(Path(spec_path).read_bytes())
    os.chdir(spec["cwd"])
    if spec.get("user"):
        become(uid=spec["user"]["uid"], gid=spec["user"]["gid"])
    die_with_parent(parent)
    # Python ignores SIGPIPE; the program gets the default back.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # What it writes is for its own user: Valkey and Chroma would let everybody read theirs.
    os.umask(0o077)
    argv = spec["argv"]
    try:
        # The supervisor's own spec, no input of anybody's.
        os.execvpe(argv[0], argv, {**os.environ, **spec["env"]})  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"cannot start {argv[0]}: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1])
