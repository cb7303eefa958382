"""An agent's file as YAML: the same agent gives the same bytes."""

from typing import Any

import msgspec
import yaml

from agents.agent_file.types import AgentFile


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are read, and nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        """A file has no anchors."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def written(agent: AgentFile) -> str:
    """The file's text, every field in it."""
    text: str = yaml.dump(
        msgspec.to_builtins(agent, builtin_types=()),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    return text
