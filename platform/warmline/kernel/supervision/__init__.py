"""Asks this machine's supervisor to start and stop processes by name, over its Unix socket.

The supervisor is supervisord (decision 0002). The socket's path is in WARMLINE_SUPERVISOR; each
process has its section and its spec beside it.
"""

from warmline.kernel.supervision.control import (
    ENDED,
    ProcessState,
    ProcessStatus,
    add_program,
    process,
    processes,
    start_process,
    stop_process,
)
from warmline.kernel.supervision.programs import UnixUser, exec_with_parent_command, write_program
from warmline.kernel.supervision.rpc import (
    BAD_NAME,
    NOT_RUNNING,
    SupervisionFailed,
    SupervisorUnavailable,
    client,
    supervisor_errors,
)

__all__ = [
    "BAD_NAME",
    "ENDED",
    "NOT_RUNNING",
    "ProcessState",
    "ProcessStatus",
    "SupervisionFailed",
    "SupervisorUnavailable",
    "UnixUser",
    "add_program",
    "client",
    "exec_with_parent_command",
    "process",
    "processes",
    "start_process",
    "stop_process",
    "supervisor_errors",
    "write_program",
]
