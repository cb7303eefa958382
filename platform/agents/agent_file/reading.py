"""An agent's file from YAML: every refusal names its line and what was expected there.

Scalars are texts until a field's type says otherwise: `no` and `8:30` stay what was written.
"""

import re
from typing import Any, Final

import msgspec
import yaml

from agents.agent_file.types import AgentFile
from warmline.kernel.errors import BadInput

# An agent with every field at its limit has 40 kB.
MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 6
_AT: Final = re.compile(r" - at `(?P<path>[^`]*)`$")
_STEP: Final = re.compile(r"\.(?P<key>\w+)|\[(?P<item>\d+|\.\.\.)\]")
_UNKNOWN: Final = re.compile(r"^Object contains unknown field `(?P<name>.*)`")


class BadAgentFile(BadInput):
    """A file that is none of an agent; the message begins with the line that is wrong."""


def parse_agent_file(raw: bytes) -> AgentFile:
    """The agent of a YAML file; `BadAgentFile` for anything else."""
    if len(raw) > MAX_BYTES:
        raise BadAgentFile(f"expected at most {MAX_BYTES // 1024} kB; this has more: no agent has")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadAgentFile(f"expected UTF-8; byte {error.start} is none") from None
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise BadAgentFile(_yaml_problem(error, text)) from None
    if not isinstance(node, yaml.MappingNode):
        raise BadAgentFile("line 1: expected fields of an agent, such as `agent: Anna`")
    try:
        return msgspec.convert(_content(node), AgentFile, strict=False)
    except msgspec.ValidationError as error:
        raise BadAgentFile(_located(str(error), node)) from None


def _check_events(text: str) -> None:
    """Refuse what makes a small file large or a plain one clever, before a tree is built of it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        mark, tag = event.start_mark, getattr(event, "tag", None)
        at = f"line {mark.line + 1 if mark else 1}"
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1:
            raise BadAgentFile(f"{at}: expected one document, without a second `---`")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadAgentFile(f"{at}: expected no anchors (&) and no references (*)")
        if tag not in (None, "!"):
            raise BadAgentFile(f"{at}: expected no tags; this has {str(tag)[:40]!r}")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise BadAgentFile(f"{at}: expected at most {MAX_DEPTH} levels")


def _content(node: yaml.Node) -> Any:
    """The tree as dictionaries, lists and texts; a key that stands twice is refused."""
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise BadAgentFile(f"line {key.start_mark.line + 1}: expected a field's name")
            if key.value in fields:
                raise BadAgentFile(
                    f"line {key.start_mark.line + 1}: {key.value[:60]!r} stands twice"
                )
            fields[key.value] = _content(value)
        return fields
    if isinstance(node, yaml.SequenceNode):
        return [_content(item) for item in node.value]
    return node.value


def _located(message: str, root: yaml.Node) -> str:
    """The problem with its line in front, in words of a file."""
    place = _AT.search(message)
    node, field = root, ""
    for step in _STEP.finditer(place["path"] if place else ""):
        node, field = _child(node, step), field + step[0]
    problem = message[: place.start()] if place else message
    unknown = _UNKNOWN.match(problem)
    line = node.start_mark.line
    if unknown and isinstance(node, yaml.MappingNode):
        line = next(
            (key.start_mark.line for key, _ in node.value if key.value == unknown["name"]), line
        )
        problem = f"unknown field `{unknown['name'][:60]}`"
    where = f" in {field.lstrip('.')}" if field else ""
    return f"line {line + 1}{where}: {problem[:1].lower()}{problem[1:]}"


def _child(node: yaml.Node, step: re.Match[str]) -> yaml.Node:
    if isinstance(node, yaml.MappingNode) and step["key"]:
        return next((value for key, value in node.value if key.value == step["key"]), node)
    if isinstance(node, yaml.SequenceNode) and step["item"] and step["item"].isdecimal():
        return node.value[int(step["item"])]  # type: ignore[no-any-return]
    return node


def _yaml_problem(error: yaml.YAMLError, text: str) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return f"line {line}: expected no control characters"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "no YAML"
    return f"line {mark.line + 1}: {problem}" if mark else f"expected YAML: {problem}"
