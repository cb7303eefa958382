"""A release: `make release VERSION=0.2.0` on a clean main whose tests have passed.

Sets the version, closes the changelog's "Unreleased" with it, writes the bill of materials
(CycloneDX, from uv.lock) and the image with its digest to `dist/`, then commits and tags. Pushing
is left to the person. Standard library only; what it starts is git, uv and docker.
"""

import argparse
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
UNRELEASED = "## Unreleased\n"
# Where the version stands: once in each, below the project's name.
VERSION_LINE = re.compile(r'(?m)(?<=^name = "warmline"\n)version = "(?P<version>[^"]+)"$')
VERSIONED = ("pyproject.toml", "uv.lock")


class ReleaseRefused(Exception):
    """One sentence for the person at the terminal; nothing was changed."""


def release(repository: Path, *, version: str, today: date, uv: str) -> None:
    """Everything above, or `ReleaseRefused` before anything is changed."""
    current = current_version(repository)
    check(repository, version=version, current=current)
    notes = unreleased_notes((repository / "CHANGELOG.md").read_text(encoding="utf-8"))
    written = versioned_texts(repository, version=version, today=today)
    dist = repository / "dist"
    dist.mkdir(exist_ok=True)
    try:
        for name, text in written.items():
            (repository / name).write_text(text, encoding="utf-8")
        bill = dist / f"warmline-{version}.cdx.json"
        bill.write_bytes(bill_of_materials(repository, uv=uv))
        build_image(repository, version=version, digest_file=dist / f"warmline-{version}.digest")
        git(repository, "commit", "--quiet", "--message", f"Release {version}", "--", *written)
    except (OSError, subprocess.SubprocessError):
        git(repository, "checkout", "--quiet", "HEAD", "--", *written)
        raise
    # By itself git takes the notes' headings for comments.
    tag = ("tag", "--annotate", "--cleanup", "whitespace", f"v{version}")
    git(repository, *tag, "--message", f"{version}\n\n{notes}")


def current_version(repository: Path) -> str:
    """The version as pyproject.toml has it."""
    match = VERSION_LINE.search(_text(repository / "pyproject.toml"))
    if match is None:
        raise ReleaseRefused('pyproject.toml: expected a line such as version = "0.1.0"')
    return match["version"]


def check(repository: Path, *, version: str, current: str) -> None:
    """Refuse what would be a wrong release."""
    if not VERSION.fullmatch(version):
        raise ReleaseRefused(f"version {version!r}: expected MAJOR.MINOR.PATCH, such as 0.2.0")
    if _numbers(version) <= _numbers(current):
        raise ReleaseRefused(f"version {version}: expected one above {current}")
    if git(repository, "rev-parse", "--abbrev-ref", "HEAD") != "main":
        raise ReleaseRefused("the branch main is not checked out")
    if not _knows_the_person(repository):
        raise ReleaseRefused("git does not know who you are: set its user.name and user.email")
    if git(repository, "status", "--porcelain"):
        raise ReleaseRefused("the work tree has changes: a release is of what is committed")
    if git(repository, "tag", "--list", f"v{version}"):
        raise ReleaseRefused(f"the tag v{version} is there already")


def unreleased_notes(changelog: str) -> str:
    """What has changed since the last release; `ReleaseRefused` when that is nothing."""
    _, mark, after = changelog.partition(UNRELEASED)
    notes = re.split(r"(?m)^## ", after)[0].strip()
    if not mark or not notes:
        raise ReleaseRefused("CHANGELOG.md: expected what has changed under '## Unreleased'")
    return notes


def versioned_texts(repository: Path, *, version: str, today: date) -> dict[str, str]:
    """Every file that a release changes: the version where it stands, and the changelog's section
    under it.
    """
    texts = {}
    for name in VERSIONED:
        texts[name], count = VERSION_LINE.subn(f'version = "{version}"', _text(repository / name))
        if count != 1:
            raise ReleaseRefused(f"{name}: expected the version once, found it {count} times")
    section = f"{UNRELEASED}\n## {version} - {today}\n"
    changelog = _text(repository / "CHANGELOG.md").replace(UNRELEASED, section, 1)
    return {"CHANGELOG.md": changelog, **texts}


def bill_of_materials(repository: Path, *, uv: str) -> bytes:
    """What a release is made of, as CycloneDX JSON: every locked package with version and hash."""
    command = (uv, "export", "--frozen", "--no-dev", "--format", "cyclonedx1.5")
    return subprocess.run(command, cwd=repository, check=True, stdout=subprocess.PIPE).stdout


def build_image(repository: Path, *, version: str, digest_file: Path) -> None:
    """Build the image and keep its digest; says loudly that it did not where there is no Docker."""
    if shutil.which("docker") is None:
        sys.stderr.write(
            "release: NO DOCKER HERE: the image is not built, its digest not written\n"
        )
        return
    tag = f"warmline:{version}"
    command = ("docker", "build", "--file", "deploy/Dockerfile", "--tag", tag, ".")
    subprocess.run(command, cwd=repository, check=True)
    inspect = ("docker", "image", "inspect", "--format", "{{.Id}}", tag)
    digest = subprocess.run(inspect, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    digest_file.write_text(digest, encoding="utf-8")


def git(repository: Path, *arguments: str) -> str:
    """What git answers."""
    command = ("git", "-C", str(repository), *arguments)
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return answer.stdout.strip()


def _knows_the_person(repository: Path) -> bool:
    command = ("git", "-C", str(repository), "var", "GIT_COMMITTER_IDENT")
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def main() -> int:
    """Release, or say in a sentence why not."""
    parser = argparse.ArgumentParser(prog="deploy/release.py", description=__doc__)
    parser.add_argument("version")
    parser.add_argument("--uv", required=True, help="the project's own uv")
    arguments = parser.parse_args()
    try:
        today = datetime.now(UTC).date()
        release(REPOSITORY, version=arguments.version, today=today, uv=arguments.uv)
    except ReleaseRefused as refusal:
        sys.stderr.write(f"release: {refusal}\n")
        return 1
    sys.stderr.write(f"released {arguments.version}: git push --follow-tags\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
