"""Make a backup, and put one back: whole, or not at all."""

import hmac
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from rag import actions as rag_actions
from tenants.context import as_tenant
from tenants.queries import all_tenant_ids
from warmline.backup import files, manifest, tables
from warmline.backup.errors import BackupDamaged, BackupRefused
from warmline.backup.manifest import Manifest, StoredFile, TableFile
from warmline.kernel import clock
from warmline.kernel.ids import TenantId

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written or put back. `passages` are those indexed anew."""

    tables: int
    rows: int
    files: int
    missing_files: int
    passages: int = 0


def back_up(target: Path) -> Outcome:
    """Write everything that the installation keeps into a new folder.

    All rows are of one moment, calls may go on meanwhile. A file that was removed while others
    were copied is counted as missing. On an error the folder is removed again.
    """
    if target.exists():
        raise BackupRefused(f"{target} is there already: expected a folder that is to be made")
    try:
        target.mkdir(mode=0o700, parents=True)
        (target / "tables").mkdir()
    except OSError as error:
        raise BackupRefused(f"{target} cannot be made: {error.strerror}") from error
    try:
        return _write_all(target)
    except BaseException:  # half a backup is none: whatever ended it
        shutil.rmtree(target, ignore_errors=True)
        raise


def restore(source: Path) -> Outcome:
    """Put a backup back into an installation that has been migrated and holds nobody's data.

    Every file's checksum is compared before anything is written, every table's rows after; the
    rows stand or fall together. `BackupRefused` says what was expected instead.
    """
    kept = manifest.read(source)
    _check_key(kept)
    manifest.check_files(source, kept)
    with tables.filling() as cursor:
        rows = _fill(cursor, kept, source)
        for file in kept.files:
            tenant_id = TenantId(file.tenant_id)
            files.copy_in(file.kind, file.name, tenant_id=tenant_id, path=source / file.path)
    return Outcome(
        tables=len(kept.tables),
        rows=rows,
        files=len(kept.files),
        missing_files=len(kept.missing),
        passages=_reindexed(),
    )


def _write_all(target: Path) -> Outcome:
    with tables.snapshot() as cursor:
        migrations = tables.applied_migrations(cursor)
        written = [tables.copy_out(cursor, table, folder=target) for table in tables.tables(cursor)]
        named = files.named_files(cursor)
    copied, missing = _copied(named, target)
    manifest.write(
        target,
        Manifest(
            format=manifest.FORMAT,
            version=version("warmline"),
            made_at=clock.now(),
            key_fingerprint=_key_fingerprint(),
            migrations=migrations,
            tables=tuple(written),
            files=tuple(copied),
            missing=tuple(missing),
        ),
    )
    return Outcome(
        tables=len(written),
        rows=sum(table.rows for table in written),
        files=len(copied),
        missing_files=len(missing),
    )


def _copied(
    named: Sequence[tuple[str, TenantId, str]], target: Path
) -> tuple[list[StoredFile], list[str]]:
    """The files that were there, and the names of those that were not any more."""
    copied: list[StoredFile] = []
    missing: list[str] = []
    for kind, tenant_id, name in named:
        path = target / kind / name
        if not files.copy_out(kind, name, tenant_id=tenant_id, path=path):
            missing.append(f"{kind}/{name}")
            continue
        sha256 = manifest.sha256_of(path)
        copied.append(StoredFile(kind=kind, tenant_id=tenant_id, name=name, sha256=sha256))
    return copied, missing


def _fill(cursor: Any, kept: Manifest, source: Path) -> int:
    """Every table's rows; `BackupRefused` for an installation that is not a place for them."""
    here = tables.applied_migrations(cursor)
    if here != kept.migrations:
        only = sorted(set(here) ^ set(kept.migrations))
        raise BackupRefused(
            f"the backup is of version {kept.version}, whose migrations are not those of this "
            f"database ({', '.join(only[:3])}): expected the same version, newly migrated"
        )
    occupied = tables.first_rows_of_somebody(cursor)
    if occupied:
        raise BackupRefused(f"{occupied} has rows: expected an installation without any company")
    every = tables.tables(cursor)
    by_name = {table.table: table for table in kept.tables}
    if set(by_name) != {table.name for table in every}:
        raise BackupDamaged("the backup's tables are not those of its migrations")
    tables.empty(cursor, every)
    rows = sum(_filled(cursor, table, by_name[table.name], source) for table in every)
    tables.advance_counters(cursor, every)
    return rows


def _filled(cursor: Any, table: tables.Table, kept: TableFile, source: Path) -> int:
    rows = tables.copy_in(cursor, table, kept=kept, folder=source)
    if rows != kept.rows:
        raise BackupDamaged(f"{kept.table}: {rows} rows came of {kept.rows}")
    return rows


def _reindexed() -> int:
    passages = 0
    for tenant_id in all_tenant_ids():
        with as_tenant(tenant_id):
            passages += rag_actions.reindex()
    return passages


def _check_key(kept: Manifest) -> None:
    if not hmac.compare_digest(kept.key_fingerprint, _key_fingerprint()):
        raise BackupRefused(
            "WARMLINE_SECRET_KEY: expected that of the installation which was backed up; "
            "what it has sealed and signed could not be read with another"
        )


def _key_fingerprint() -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), b"warmline.backup", "sha256").hex()
