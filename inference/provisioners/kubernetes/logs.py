"""What pods said, read as seldom as it tells something new."""

import time
from typing import Final

import structlog

from inference.errors import ProvisionerFailed
from inference.provisioners.kubernetes.api import Deadline, KubernetesCluster
from inference.provisioners.kubernetes.pods import Pod, fault_of
from warmline.kernel import clock

log = structlog.get_logger()

# So long after it became ready a pod's log is read for the stages of its start.
TELLS_S: Final = 60.0


class PodLogs:
    """Logs of starting and broken pods; one reading of a starting pod's serves for `fresh_s`."""

    def __init__(self, *, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._read: dict[str, tuple[float, str]] = {}

    def of(self, pod: Pod, cluster: KubernetesCluster, *, within: Deadline) -> str:
        """What tells of a start or of a death: one that serves is asked only just after it came."""
        uid, fault = pod.metadata.uid, fault_of(pod)
        if not _log_is_telling(pod):
            self._read.pop(uid, None)
            return ""
        at, text = self._read.get(uid, (float("-inf"), ""))
        if fault is None and time.monotonic() - at <= self._fresh_s:
            return text
        try:
            text = cluster.log(
                pod,
                container=fault.container if fault else pod.main.name,
                previous=fault is not None and fault.previous,
                within=within,
            )
        except ProvisionerFailed as error:
            # The pod's own state is known all the same.
            log.warning("log not read", pod=pod.metadata.name, why=str(error))
            return ""
        now = time.monotonic()
        self._read = {uid: read for uid, read in self._read.items() if now - read[0] < TELLS_S}
        self._read[uid] = (now, text)
        return text


def _log_is_telling(pod: Pod) -> bool:
    if fault := fault_of(pod):
        return fault.has_log
    status = pod.main_status
    return status is not None and status.state.running is not None and not _is_long_ready(pod)


def _is_long_ready(pod: Pod) -> bool:
    ready = pod.condition("Ready")
    if ready is None or ready.status != "True" or ready.last_transition_time is None:
        return False
    return (clock.now() - ready.last_transition_time).total_seconds() > TELLS_S
