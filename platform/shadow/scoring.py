"""How far the agent would have done what the person did. Pure.

A turn's score is the weighted mean of three parts, of those that apply:
  action  0.4  the same kind of deed (booking, handing over, looking up) with the same day, time and
  words
  facts   0.3  prices, days, times and numbers: F1 of the agent's against the person's
  meaning 0.3  cosine similarity of the two answers, from 0.15 (unrelated) to 0.75 (a paraphrase)
What was done weighs most, for a wrong booking costs more than a clumsy sentence. A call's score is
the mean of its turns' scores, each turn weighing as much as the parts that applied to it.
"""

from collections.abc import Sequence

from shadow.facts import Fact, facts_in
from shadow.types import Action, Score, Setting, Side, Turn
from verticals.spoken.days import parse_day
from verticals.spoken.numbers import words_of
from verticals.spoken.times import parse_time

WEIGHTS = {"action": 0.4, "facts": 0.3, "meaning": 0.3}
# all-MiniLM-L6-v2: unrelated receptionist's sentences were seen up to 0.15, paraphrases from 0.75
# on.
UNRELATED, PARAPHRASE = 0.15, 0.75
_FILLERS = frozenset(("a", "an", "the", "my", "please", "for", "to", "of", "is"))
_KIND_WORDS = {
    "book": "booked",
    "transfer": "put the caller through",
    "look_up": "looked something up",
}


def turn_score(
    turn: Turn, *, similarity: float | None, setting: Setting, said_so_far: str = ""
) -> Score:
    """The score of one turn. `similarity` is the cosine of the two texts, None when one of them is
    empty.

    `said_so_far` is what the caller and the person said in the call: a deed's details may have been
    said before. A turn to which the person neither said nor did anything is not scored.
    """
    if not turn.human.text.strip() and not turn.human.actions:
        return Score(
            None,
            None,
            None,
            None,
            "The person did not answer this turn, so there is nothing to compare.",
        )
    meaning = _meaning(turn, similarity)
    facts, facts_because = _facts(turn, setting)
    action, action_because = _action(turn, setting, said_so_far)
    parts = {"meaning": meaning, "facts": facts, "action": action}
    weight = sum(WEIGHTS[name] for name, value in parts.items() if value is not None)
    overall = None
    if weight:
        overall = (
            sum(WEIGHTS[name] * value for name, value in parts.items() if value is not None)
            / weight
        )
    because = " ".join(
        text
        for text in (action_because, facts_because, _meaning_because(meaning, similarity))
        if text
    )
    return Score(overall, meaning, facts, action, because)


def call_score(scores: Sequence[Score]) -> float | None:
    """The score of a call: its turns' scores, each weighted by the parts that applied;
    None when none was scored.
    """
    weighted = [(score.overall, _weight(score)) for score in scores if score.overall is not None]
    total = sum(weight for _, weight in weighted)
    return sum(overall * weight for overall, weight in weighted) / total if total else None


def facts_f1(agent: frozenset[Fact], human: frozenset[Fact]) -> float | None:
    """Harmonic mean of how much of each side's facts the other has; None when neither has any."""
    if not agent and not human:
        return None
    return 2 * len(agent & human) / (len(agent) + len(human))


def action_match(agent: Action, *, said: str, setting: Setting) -> tuple[float, tuple[str, ...]]:
    """The share of a deed's arguments that are borne out by words, and those that are not."""
    missing = tuple(
        name for name, value in agent.arguments if not _borne_out(name, value, said, setting)
    )
    if not agent.arguments:
        return 1.0, ()
    return 1 - len(missing) / len(agent.arguments), missing


def _weight(score: Score) -> float:
    parts = {"meaning": score.meaning, "facts": score.facts, "action": score.action}
    return sum(WEIGHTS[name] for name, value in parts.items() if value is not None)


def _meaning(turn: Turn, similarity: float | None) -> float | None:
    if not turn.agent.text.strip():
        # Asking for a tool, the agent has not spoken yet: what it did is compared instead.
        return None if turn.agent.actions else 0.0
    if not turn.human.text.strip() or similarity is None:
        return None
    return min(1.0, max(0.0, (similarity - UNRELATED) / (PARAPHRASE - UNRELATED)))


def _meaning_because(meaning: float | None, similarity: float | None) -> str:
    if meaning is None:
        return ""
    if similarity is None:
        return "The agent had no answer."
    degree = (
        "the same" if meaning > 0.85 else "much the same" if meaning > 0.5 else "something else"
    )
    return f"The two answers mean {degree} (similarity {similarity:.2f})."


def _side_facts(side: Side, setting: Setting) -> frozenset[Fact]:
    """Facts said, and facts put into a deed's arguments."""
    found = set(facts_in(side.text, setting=setting))
    for action in side.actions:
        for name, value in action.arguments:
            if name in ("day", "time"):
                found |= {
                    fact
                    for fact in facts_in(_marked(name, value), setting=setting)
                    if fact.kind == name
                }
    return frozenset(found)


def _marked(name: str, value: str) -> str:
    return f"at {value}" if name == "time" else value


def _facts(turn: Turn, setting: Setting) -> tuple[float | None, str]:
    agent, human = _side_facts(turn.agent, setting), _side_facts(turn.human, setting)
    score = facts_f1(agent, human)
    if score is None:
        return None, ""
    said = []
    for label, found in (("Both said", agent & human), ("Only the person said", human - agent),
                         ("Only the agent said", agent - human)):  # fmt: skip
        if found:
            said.append(f"{label} {', '.join(fact.value for fact in sorted(found))}.")
    return score, " ".join(said)


def _action(turn: Turn, setting: Setting, said_so_far: str) -> tuple[float | None, str]:
    mine = {action.kind: action for action in turn.agent.actions}
    theirs = {action.kind: action for action in turn.human.actions}
    # Looking something up leaves no trace in a person's words: it counts where both did it, never
    # against either.
    counted = {kind for kind in (*mine, *theirs) if kind != "look_up"} | (
        mine.keys() & theirs.keys()
    )
    if not counted:
        return None, ""
    shares, because = [], []
    for kind in sorted(counted):
        if kind in mine and kind in theirs:
            said = f"{said_so_far} {turn.caller} {turn.human.text}"
            share, missing = action_match(mine[kind], said=said, setting=setting)
            shares.append(0.5 + 0.5 * share)
            differs = (
                f"; nobody said its {' or '.join(missing)}" if missing else " with the same details"
            )
            because.append(f"Both {_KIND_WORDS[kind]}{differs}.")
        else:
            who = "agent" if kind in mine else "person"
            shares.append(0.0)
            because.append(f"Only the {who} {_KIND_WORDS[kind]}.")
    return sum(shares) / len(shares), " ".join(because)


def _borne_out(name: str, value: str, said: str, setting: Setting) -> bool:
    """Whether an argument agrees with what was said: as a day, as a time, or word by word."""
    wanted: set[Fact] = set()
    day = parse_day(value, today=setting.today) if name == "day" else None
    if day is not None:
        wanted = {Fact("day", day.isoformat())}
    at = parse_time(value, open_between=setting.open_between) if name == "time" else None
    if at is not None:
        wanted = {Fact("time", at.isoformat("minutes"))}
    if wanted:
        return wanted <= facts_in(said, setting=setting)
    words = [word for word in words_of(value) if word not in _FILLERS]
    return bool(words) and set(words) <= set(words_of(said))
