"""How well dangers and wishes for a person are recognised: `python -m tests.bench.urgent`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from verticals.urgent import Urgency, urgency

PHRASES = Path(__file__).parents[1] / "verticals" / "urgent"
VERTICALS = ("homeservices", "healthcare")


@dataclass(frozen=True)
class Phrase:
    """What a caller says to a company of a vertical, and what it is."""

    text: str
    vertical: str
    meant: Urgency | None

    @property
    def found(self) -> Urgency | None:
        """What it is taken for."""
        return urgency(self.text, vertical=self.vertical)


def phrases() -> tuple[Phrase, ...]:
    """All of them; a wish for a person is one in every vertical."""
    found: list[Phrase] = []
    for vertical in VERTICALS:
        found += [Phrase(text, vertical, "danger") for text in _lines(f"danger_{vertical}")]
        found += [Phrase(text, vertical, "person") for text in _lines("person")]
        found += [Phrase(text, vertical, None) for text in _lines(f"neither_{vertical}")]
    return tuple(found)


def _lines(name: str) -> list[str]:
    return (PHRASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def main() -> int:
    """Print precision and recall; 0 when every danger is found and nine of ten of the others."""
    said = phrases()
    held = True
    for kind in ("danger", "person"):
        meant = {phrase for phrase in said if phrase.meant == kind}
        taken = {phrase for phrase in said if phrase.found == kind}
        recall, precision = len(meant & taken) / len(meant), len(meant & taken) / len(taken)
        held &= precision >= 0.9 and recall >= (1.0 if kind == "danger" else 0.9)
        print(f"{kind}: {len(meant)} phrasings, recall {recall:.3f}, precision {precision:.3f}")
        for phrase in sorted(meant ^ taken, key=lambda phrase: phrase.text):
            print(
                f"  {phrase.vertical}: {phrase.text!r} is {phrase.meant}, taken for {phrase.found}"
            )
    print(f"near misses: {sum(phrase.meant is None for phrase in said)}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
