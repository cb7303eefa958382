"""Writes the settings into deploy/README.md as they are declared; `--check` compares."""

import sys
from typing import Any, Final

from telephony.carriers import registry
from warmline.kernel import configuration
from warmline.kernel.configuration.setting import Setting
from warmline.kernel.env import REPOSITORY

PAGE: Final = REPOSITORY / "deploy" / "README.md"
BEGIN: Final = "<!-- settings -->\n"
END: Final = "<!-- end of settings -->"


def table() -> str:
    """Every setting: its name, type, default, meaning, and which processes read it."""
    lines = ["| setting | holds | default | what | read by |", "| --- | --- | --- | --- | --- |"]
    declared = (*configuration.SETTINGS, configuration.media_port("us-east"), *of_carriers())
    for setting in sorted(declared, key=lambda setting: setting.name):
        readers = ", ".join(sorted(setting.readers))
        kind = setting.kind.called.replace("|", "\\|")
        default = _default(setting)
        lines.append(f"| `{setting.name}` | {kind} | {default} | {setting.meaning} | {readers} |")
    return "\n".join(lines) + "\n"


def of_carriers() -> tuple[Setting[Any], ...]:
    """Those of the carriers that come with the product."""
    own = REPOSITORY / "telephony" / "carriers"
    names = {folder.name.upper() for folder in own.iterdir() if folder.is_dir()}
    return tuple(s for s in registry.settings() if s.name.split("_")[0] in names)


def _default(setting: Setting[Any]) -> str:
    if setting.shown_default:
        return setting.shown_default
    if setting.required:
        return "required"
    value = setting.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    return f"`{value}`" if isinstance(value, str) and value else "none"


def page_with(text: str) -> str:
    """The page with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def main(arguments: list[str]) -> int:
    """Write, or say that it is not written."""
    text = PAGE.read_text(encoding="utf-8")
    if text == page_with(text):
        return 0
    if "--check" in arguments:
        sys.stderr.write("deploy/README.md: the settings differ; `make fix` writes them\n")
        return 1
    PAGE.write_text(page_with(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
