"""What a backup holds, with the checksum of every file: written last, half a backup has none."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from warmline.backup.errors import BackupDamaged, BackupRefused
from warmline.kernel.private_files import write_private

FORMAT: Final = 1
_NAME: Final = "manifest.json"
_PIECE_BYTES: Final = 1024 * 1024


class TableFile(msgspec.Struct, frozen=True):
    """One table's rows: `columns` in the order in which they stand in the file."""

    table: str
    columns: tuple[str, ...]
    rows: int
    file: str
    sha256: str


class StoredFile(msgspec.Struct, frozen=True):
    """One file of a store, under the name that its row gives it."""

    kind: str
    tenant_id: str
    name: str
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies in the backup's folder."""
        return f"{self.kind}/{self.name}"


class Manifest(msgspec.Struct, frozen=True):
    """All of a backup. `key_fingerprint` tells the secret key apart without telling it."""

    format: int
    version: str
    made_at: datetime
    key_fingerprint: str
    migrations: tuple[str, ...]
    tables: tuple[TableFile, ...]
    files: tuple[StoredFile, ...]
    missing: tuple[str, ...] = ()


_decode = msgspec.json.Decoder(Manifest).decode


def write(folder: Path, manifest: Manifest) -> None:
    """Say that the backup in this folder is whole."""
    encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_private(folder / _NAME, encoded)


def read(folder: Path) -> Manifest:
    """The manifest of a whole backup; `BackupRefused` where there is none that is understood."""
    try:
        content = (folder / _NAME).read_bytes()
    except OSError as error:
        raise BackupRefused(
            f"{folder}: no {_NAME} can be read there ({type(error).__name__}): "
            "expected the folder of a whole backup"
        ) from error
    try:
        manifest = _decode(content)
    except msgspec.DecodeError as error:
        raise BackupDamaged(f"{folder / _NAME}: {error}") from error
    if manifest.format != FORMAT:
        raise BackupRefused(
            f"{folder}: a backup of format {manifest.format}; this version reads {FORMAT}"
        )
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Return if every file is there as it was written, else `BackupDamaged` says which differ."""
    expected = [(table.file, table.sha256) for table in manifest.tables]
    expected += [(file.path, file.sha256) for file in manifest.files]
    differing = list(_differing(folder, expected))
    if differing:
        shown = "; ".join(differing[:5])
        raise BackupDamaged(f"{len(differing)} files are not as they were written: {shown}")


def sha256_of(path: Path) -> str:
    """The file's digest, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _differing(folder: Path, expected: Iterable[tuple[str, str]]) -> Iterable[str]:
    root = folder.resolve()
    for name, sha256 in expected:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            yield f"{name} lies outside of the backup"
        elif not path.is_file():
            yield f"{name} is missing"
        elif sha256_of(path) != sha256:
            yield f"{name} has other bytes"
