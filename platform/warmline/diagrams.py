"""The state diagrams in ARCHITECTURE.md, drawn from the tables that the code runs on.

`python -m warmline.diagrams` draws them anew, `--check` fails when one is stale (`make check`
does). A diagram stands between two marks, `<!-- diagram: NAME -->` and `<!-- end -->`, as Mermaid's
state diagram (https://mermaid.js.org/syntax/stateDiagram.html), which code hosts show as a picture.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping

from inference.fleet import replica_states
from telephony.calls import call_state
from telephony.media.session import turn_machine
from warmline.kernel.env import REPOSITORY
from warmline.kernel.errors import ConfigurationError

PAGE = REPOSITORY / "ARCHITECTURE.md"
_DIAGRAM = re.compile(r"(<!-- diagram: (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Edge = tuple[str, str, str]  # from, to, and what leads there


def turn_edges() -> Iterable[Edge]:
    """The turn machine: who may speak, and what the session does on the way."""
    for state, row in turn_machine.TABLE.items():
        for event, step in row.items():
            effects = f" / {', '.join(step.effects)}" if step.effects else ""
            yield state, step.next, f"{event}{effects}"


def replica_edges() -> Iterable[Edge]:
    """A replica's life."""
    for state, row in replica_states.TABLE.items():
        for event, following in row.items():
            yield state, following, event


def call_edges() -> Iterable[Edge]:
    """What may follow what in a call's state."""
    for state, followers in call_state.FORWARD.items():
        for following in sorted(followers, key=call_state.STATES.index):
            yield state, following, ""


# By the name in the mark: the first state, and the edges.
DIAGRAMS = {
    "turn machine": ("opening", turn_edges),
    "replica states": ("cold", replica_edges),
    "call states": ("ringing", call_edges),
}


def mermaid(first: str, edges: Iterable[Edge]) -> str:
    """One diagram; events that lead from one state to the same next one share an arrow."""
    labels: dict[tuple[str, str], list[str]] = {}
    for state, following, label in edges:
        labels.setdefault((state, following), []).append(label)
    lines = [f"    [*] --> {first}"]
    for (state, following), events in labels.items():
        label = f" : {'<br/>'.join(events)}" if any(events) else ""
        lines.append(f"    {state} --> {following}{label}")
    lines += [f"    {state} --> [*]" for state in _last_states(labels)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def redrawn(page: str) -> str:
    """The page with every diagram as its table has it now.

    `ConfigurationError` for a name that has no table, and for a table that the page does not show.
    """
    shown = {match["name"] for match in _DIAGRAM.finditer(page)}
    if shown != set(DIAGRAMS):
        raise ConfigurationError(
            f"diagrams: the page shows {sorted(shown)}, expected {sorted(DIAGRAMS)}"
        )

    def draw(match: re.Match[str]) -> str:
        first, edges = DIAGRAMS[match["name"]]
        return f"{match[1]}{mermaid(first, edges())}{match[3]}"

    return _DIAGRAM.sub(draw, page)


def _last_states(labels: Mapping[tuple[str, str], object]) -> list[str]:
    left = {state for state, _ in labels}
    return sorted({following for _, following in labels} - left)


def main() -> int:
    """Draw, or check; 1 when a diagram is stale."""
    parser = argparse.ArgumentParser(prog="python -m warmline.diagrams", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail when stale")
    check = parser.parse_args().check
    page = PAGE.read_text(encoding="utf-8")
    fresh = redrawn(page)
    if fresh == page:
        return 0
    if check:
        sys.stderr.write(f"{PAGE.name}: a diagram is stale; `make diagrams` draws it anew\n")
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
