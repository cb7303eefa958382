"""Write the API's Python client from its OpenAPI document: `python deploy/clients/generate.py`.

`--check` compares what is committed, and says what to run when it is another.
"""

import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parents[2]
COMMITTED: Final = REPOSITORY / "deploy" / "clients" / "python"
CONFIG: Final = {
    "project_name_override": "warmline-client",
    "package_name_override": "warmline_client",
    "package_version_override": "1.0.0",
    "post_hooks": [],
    "literal_enums": True,
    "content_type_overrides": {
        "audio/wav": "application/octet-stream",
        "text/csv": "application/octet-stream",
        "text/calendar": "application/octet-stream",
        "application/x-ndjson": "application/octet-stream",
    },
}
_NEVER_USED: Final = {
    "WARMLINE_SECRET_KEY": "never-used-" * 4,
    "DATABASE_URL": "postgresql:///never-used",
    "REDIS_URL": "unix:///never-used",
    "WARMLINE_PUBLIC_URL": "https://warmline.example",
    "DJANGO_SETTINGS_MODULE": "warmline.settings",
}


def main() -> int:
    """0 when the client is as the document says, or was just written so."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "client"
        generate(fresh)
        if "--check" not in sys.argv:
            shutil.rmtree(COMMITTED, ignore_errors=True)
            shutil.copytree(fresh, COMMITTED)
            return 0
        changed = sorted(differences(fresh, COMMITTED))
    if changed:
        print("the Python client is not what the API's document says: make fix", file=sys.stderr)  # noqa: T201
        print("\n".join(changed[:20]), file=sys.stderr)  # noqa: T201
    return int(bool(changed))


def generate(target: Path) -> None:
    """Write the client into a new folder."""
    document, config = target.with_suffix(".json"), target.with_suffix(".yml")
    document.write_text(json.dumps(_document()), encoding="utf-8")
    config.write_text(json.dumps(CONFIG), encoding="utf-8")  # JSON is YAML
    options = ["--path", str(document), "--config", str(config), "--meta", "setup"]
    options += ["--output-path", str(target)]
    module = "import openapi_python_client.cli as c; c.app()"
    subprocess.run(
        [sys.executable, "-c", module, "generate", *options], check=True, stdout=subprocess.DEVNULL
    )


def differences(fresh: Path, committed: Path) -> list[str]:
    """Files that are another, missing or too many, by name."""
    names = {path.relative_to(root) for root in (fresh, committed) for path in files(root)}
    return [
        str(name)
        for name in names
        if not (fresh / name).is_file()
        or not (committed / name).is_file()
        or not filecmp.cmp(fresh / name, committed / name, shallow=False)
    ]


def files(root: Path) -> list[Path]:
    """All of a folder's own, without what Python keeps there."""
    return [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _document() -> dict[str, Any]:
    os.environ.update(_NEVER_USED)
    sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "platform")]
    import django

    django.setup()
    from tenants.api.document.finishing import whole_answers
    from tenants.api.document.views import document

    return whole_answers(document())


if __name__ == "__main__":
    sys.exit(main())
