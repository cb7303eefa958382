"""The files that rows lead to, out of their stores and into them again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import obstore
from django.conf import settings
from obstore.store import ObjectStore

from rag import originals
from telephony.calls import recording_store
from warmline.backup.errors import StoreAway
from warmline.kernel.ids import TenantId
from warmline.kernel.object_store import STORE_FAILURES, opened


@dataclass(frozen=True, slots=True)
class Store:
    """A kind of files: which rows name them, and what says that a name is its tenant's own."""

    named: str
    address: Callable[[], str]
    confined: Callable[..., str]

    def bucket(self) -> ObjectStore:
        """The store itself."""
        return opened(self.address(), over_http=settings.RECORDINGS_OVER_HTTP)


STORES: Final[Mapping[str, Store]] = {
    "recordings": Store(
        named="SELECT tenant_id, name FROM telephony_recording ORDER BY id",
        address=lambda: settings.RECORDINGS,
        confined=recording_store.confined,
    ),
    "documents": Store(
        named="SELECT tenant_id, original FROM rag_revision WHERE original <> '' ORDER BY id",
        address=lambda: settings.DOCUMENTS,
        confined=originals.confined,
    ),
}


def named_files(cursor: Any) -> list[tuple[str, TenantId, str]]:
    """Every file that a row leads to: its store, its tenant, its name."""
    named = []
    for kind, store in STORES.items():
        cursor.execute(store.named)
        named += [(kind, TenantId(str(tenant_id)), name) for tenant_id, name in cursor.fetchall()]
    return named


def copy_out(kind: str, name: str, *, tenant_id: TenantId, path: Path) -> bool:
    """Write a file of a store to a path; False when it is gone. `StoreAway`."""
    store = STORES[kind]
    with _answering(kind):
        try:
            pieces = obstore.get(store.bucket(), store.confined(name, tenant_id=tenant_id))
        except FileNotFoundError:
            return False
        _write(path, map(bytes, pieces))
    return True


def copy_in(kind: str, name: str, *, tenant_id: TenantId, path: Path) -> None:
    """Put a file back under the name that its row gives it. `StoreAway`."""
    store = STORES[kind]
    with _answering(kind), path.open("rb") as file:
        obstore.put(store.bucket(), store.confined(name, tenant_id=tenant_id), file)


@contextmanager
def _answering(kind: str) -> Iterator[None]:
    try:
        yield
    except STORE_FAILURES as error:
        raise StoreAway(f"the store of {kind} is away ({type(error).__name__})") from error


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
