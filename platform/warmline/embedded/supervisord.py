"""supervisord's own settings, and what its log tells a person."""

import os
import re
from pathlib import Path

from warmline.embedded.home import Home

# After its last try supervisord gives a process up; it is tried again after this long, for ever.
PAUSE_S = 30.0
LOG = "supervisor.log"
# `2026-11-21 01:44:36,288 WARN exited: media (terminated by SIGKILL; not expected)`
_DEATH = re.compile(r" (?:WARN|INFO) (exited|gave up|spawnerr): (.+)$")

_CONFIGURATION = """\
[unix_http_server]
file={control}/supervisor.sock
chmod=0700

[supervisord]
nodaemon=true
umask=077
silent=true
logfile={logs}/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={control}/supervisord.pid
childlogdir={logs}
{user}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[include]
files={control}/*.ini
"""


def write_configuration(home: Home) -> Path:
    """Write supervisord's settings into the control folder, with no program yet; their path."""
    for pattern in ("*.ini", "*.json", "*.sock"):
        for stale in home.control.glob(pattern):
            stale.unlink()
    path = home.control / "supervisord.conf"
    path.write_text(
        _CONFIGURATION.format(
            control=str(home.control).replace("%", "%%"),
            logs=str(home.logs).replace("%", "%%"),
            user="user=root\n" if os.geteuid() == 0 else "",
        ),
        encoding="utf-8",
    )
    return path


def death_notice(line: str) -> str | None:
    """A line of supervisord's log as a sentence, if it tells of a process that died, else None."""
    match = _DEATH.search(line)
    if match is None:
        return None
    kind, words = match.groups()
    if kind == "exited" and "; expected" not in words:
        return f"{words.replace('; not expected', '')}: starting it again"
    if kind == "gave up":
        return f"{words.split(' ')[0]} keeps failing: trying again in {PAUSE_S:.0f} s"
    return words if kind == "spawnerr" else None
