"""A session of the app role that sends its statements in pipelines, each try in a transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import pq

from tenants.names import TENANT_SETTING
from warmline.kernel.ids import TenantId

_SYNC = pq.ExecStatus.PIPELINE_SYNC
_BEGIN, _ROLLBACK = b"BEGIN", b"ROLLBACK"
# Keys are checked with each statement and not at an end that never comes.
_AT_ONCE = b"SET CONSTRAINTS ALL IMMEDIATE"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: the error that ended it, or what its last statement answered."""

    sqlstate: str | None
    rows: int
    changed: int
    told: bytes


class Session:
    """One connection, every transaction of which is bound to the same tenant and rolled back."""

    def __init__(self, address: str, tenant_id: TenantId) -> None:
        self._connection = pq.PGconn.connect(address.encode())
        if self._connection.status != pq.ConnStatus.OK:
            raise ConnectionError(self._connection.error_message.decode(errors="replace"))
        self._connection.enter_pipeline_mode()
        self._bind = f"SELECT set_config('{TENANT_SETTING}', '{tenant_id}', true)".encode()

    def close(self) -> None:
        """End it."""
        self._connection.finish()

    def ask(self, tries: Sequence[tuple[bytes, ...]]) -> list[Outcome]:
        """What comes of each, sent together: a hundred at most, that no buffer fills up."""
        for statements in tries:
            for statement in (_BEGIN, self._bind, _AT_ONCE, *statements):
                self._connection.send_query_params(statement, None)
            # An error skips what is left up to here, never the next try.
            self._connection.pipeline_sync()
            self._connection.send_query_params(_ROLLBACK, None)
            self._connection.pipeline_sync()
        self._connection.flush()
        return [self._outcome() for _ in tries]

    def _outcome(self) -> Outcome:
        sqlstate, last, told = None, None, []
        for result in self._until_sync():
            if result.status == pq.ExecStatus.FATAL_ERROR:
                state = result.error_field(pq.DiagnosticField.SQLSTATE)
                sqlstate = state.decode() if state else "?"
                told.append(result.error_message)
                told += [result.error_field(field) or b"" for field in _DETAILS]
            elif result.status != pq.ExecStatus.PIPELINE_ABORTED:
                last = result
        for _ in self._until_sync():  # of the rollback
            pass
        if sqlstate is not None or last is None:
            return Outcome(sqlstate, 0, 0, b"\n".join(told))
        told += _values(last)
        return Outcome(None, last.ntuples, last.command_tuples or 0, b"\n".join(told))

    def _until_sync(self) -> Iterator[pq.abc.PGresult]:
        while True:
            result = self._connection.get_result()
            if result is None:
                continue  # the end of one statement's results
            if result.status == _SYNC:
                return
            yield result


_DETAILS = (
    pq.DiagnosticField.MESSAGE_DETAIL,
    pq.DiagnosticField.MESSAGE_HINT,
    pq.DiagnosticField.CONTEXT,
)


def _values(result: pq.abc.PGresult) -> list[bytes]:
    return [
        result.get_value(row, column) or b""
        for row in range(result.ntuples)
        for column in range(result.nfields)
    ]
