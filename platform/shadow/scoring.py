"""How far the agent would have done what the person did. Pure.

A turn's score is the weighted mean of three parts, of those that apply:
  action  0.4  the same done (a booking, a transfer, a look-up), with the same day, time and words
  facts   0.3  prices, days, times and numbers: F1 of the agent's against the person's
  meaning 0.3  cosine similarity of the two answers, from 0.15 (unrelated) to 0.75 (a paraphrase)
What was done weighs most, for a wrong booking costs more than a clumsy sentence. A call's score is
the mean of its turns' scores, each turn weighing as much as the parts that applied to it.

Similarity never decides alone. An answer that contradicts the person's counts for nothing but what
was done; with another fact of the same kind a turn has half at most; and where words differ in a
way that cannot be told, the turn is left to a person, without a score.
"""

from collections.abc import Sequence

from shadow.contradictions import Disagreement, disagreement
from shadow.facts import SpokenFact, facts_in
from shadow.types import Action, AgreementScore, CallDay, ComparedTurn, Side
from verticals.spoken.days import parse_day
from verticals.spoken.numbers import words_of
from verticals.spoken.times import parse_time

WEIGHTS = {"action": 0.4, "facts": 0.3, "meaning": 0.3}
# all-MiniLM-L6-v2: unrelated receptionist's sentences were seen up to 0.15, paraphrases from 0.75.
UNRELATED, PARAPHRASE = 0.15, 0.75
_MUCH_THE_SAME = 0.5
_WITH_ANOTHER_FACT = 0.5
_FOUND = {
    "contradiction": "The two answers contradict each other",
    "unjudged": "Only a person can judge this turn",
}
_FILLERS = frozenset(("a", "an", "the", "my", "please", "for", "to", "of", "is"))
_KIND_WORDS = {
    "book": "booked",
    "transfer": "put the caller through",
    "look_up": "looked something up",
}


def turn_score(
    turn: ComparedTurn, *, similarity: float | None, call_day: CallDay, said_so_far: str = ""
) -> AgreementScore:
    """The score of one turn; `similarity` is the cosine of the two texts, None where one is empty.

    `said_so_far` is what the caller and the person said in the call: an action's details may have
    been said before. A turn to which the person neither said nor did anything is not scored.
    """
    if not turn.human.text.strip() and not turn.human.actions:
        return AgreementScore(
            None,
            None,
            None,
            None,
            "The person did not answer this turn, so there is nothing to compare.",
        )
    found = disagreement(turn.agent.text, turn.human.text)
    meaning = _meaning(turn, similarity)
    # What is worded otherwise altogether is another answer: that can be told.
    alike = meaning is not None and meaning > _MUCH_THE_SAME
    if found is not None and found.finding == "unjudged" and not alike:
        found = None
    if found is not None:
        meaning = 0.0 if found.finding == "contradiction" else None
    facts, conflict, facts_because = _facts(turn, call_day)
    action, action_because = _action(turn, call_day, said_so_far)
    parts = {"meaning": meaning, "facts": facts, "action": action}
    weight = sum(WEIGHTS[name] for name, value in parts.items() if value is not None)
    overall = None
    if weight:
        total = sum(WEIGHTS[name] * value for name, value in parts.items() if value is not None)
        overall = total / weight
    if overall is not None and conflict:
        overall = min(overall, _WITH_ANOTHER_FACT)
    if overall is not None and found is not None:
        overall = _despite(found, action)
    about = _meaning_because(meaning, similarity, conflict=conflict)
    if found is not None:
        about = f"{_FOUND[found.finding]}: {found.because}."
    because = " ".join(reason for reason in (action_because, facts_because, about) if reason)
    unjudged = found.because if found is not None and found.finding == "unjudged" else ""
    return AgreementScore(overall, meaning, facts, action, because, unjudged)


def _despite(found: Disagreement, action: float | None) -> float | None:
    """What is left of a turn whose words contradict each other: what was done."""
    if found.finding == "unjudged":
        return None
    return 0.0 if action is None else WEIGHTS["action"] * action


def call_score(scores: Sequence[AgreementScore]) -> float | None:
    """A call's score: its turns', each weighted by the parts that applied; None without any."""
    weighted = [(score.overall, _weight(score)) for score in scores if score.overall is not None]
    total = sum(weight for _, weight in weighted)
    return sum(overall * weight for overall, weight in weighted) / total if total else None


def facts_f1(agent: frozenset[SpokenFact], human: frozenset[SpokenFact]) -> float | None:
    """Harmonic mean of how much of each side's facts the other has; None when neither has any."""
    if not agent and not human:
        return None
    return 2 * len(agent & human) / (len(agent) + len(human))


def action_match(agent: Action, *, said: str, call_day: CallDay) -> tuple[float, tuple[str, ...]]:
    """The share of an action's arguments that words bear out, and those that they do not."""
    missing = tuple(
        name for name, value in agent.arguments if not _borne_out(name, value, said, call_day)
    )
    if not agent.arguments:
        return 1.0, ()
    return 1 - len(missing) / len(agent.arguments), missing


def _weight(score: AgreementScore) -> float:
    parts = {"meaning": score.meaning, "facts": score.facts, "action": score.action}
    return sum(WEIGHTS[name] for name, value in parts.items() if value is not None)


def _meaning(turn: ComparedTurn, similarity: float | None) -> float | None:
    if not turn.agent.text.strip():
        # Asking for a tool, the agent has not spoken yet: what it did is compared instead.
        return None if turn.agent.actions else 0.0
    if not turn.human.text.strip() or similarity is None:
        return None
    return min(1.0, max(0.0, (similarity - UNRELATED) / (PARAPHRASE - UNRELATED)))


def _meaning_because(meaning: float | None, similarity: float | None, *, conflict: bool) -> str:
    if meaning is None:
        return ""
    if similarity is None:
        return "The agent had no answer."
    degree = "something else"
    if meaning > 0.85:
        degree = "the same"
    elif meaning > _MUCH_THE_SAME:
        degree = "much the same"
    if conflict:
        return f"The words are alike (similarity {similarity:.2f}), but not the facts."
    return f"The two answers mean {degree} (similarity {similarity:.2f})."


def _side_facts(side: Side, call_day: CallDay) -> frozenset[SpokenFact]:
    """Facts said, and facts put into an action's arguments."""
    facts = set(facts_in(side.text, call_day=call_day))
    for action in side.actions:
        for name, value in action.arguments:
            if name in ("day", "time"):
                argument = facts_in(_marked(name, value), call_day=call_day)
                facts |= {fact for fact in argument if fact.kind == name}
    return frozenset(facts)


def _marked(name: str, value: str) -> str:
    return f"at {value}" if name == "time" else value


def _facts(turn: ComparedTurn, call_day: CallDay) -> tuple[float | None, bool, str]:
    """How far the facts agree, whether each has one of a kind that the other lacks, and why."""
    agent, human = _side_facts(turn.agent, call_day), _side_facts(turn.human, call_day)
    score = facts_f1(agent, human)
    if score is None:
        return None, False, ""
    only_agent = {fact.kind for fact in agent - human}
    conflict = any(fact.kind in only_agent for fact in human - agent)
    because = [
        _facts_because("Both said", agent & human),
        _facts_because("Only the person said", human - agent),
        _facts_because("Only the agent said", agent - human),
    ]
    return score, conflict, " ".join(text for text in because if text)


def _facts_because(who: str, facts: frozenset[SpokenFact]) -> str:
    return f"{who} {', '.join(fact.value for fact in sorted(facts))}." if facts else ""


def _action(turn: ComparedTurn, call_day: CallDay, said_so_far: str) -> tuple[float | None, str]:
    agents = {action.kind: action for action in turn.agent.actions}
    humans = {action.kind: action for action in turn.human.actions}
    # Looking something up leaves no trace in a person's words: it counts where both did it, never
    # against either.
    both = agents.keys() & humans.keys()
    counted = {kind for kind in (*agents, *humans) if kind != "look_up" or kind in both}
    if not counted:
        return None, ""
    said = f"{said_so_far} {turn.caller} {turn.human.text}"
    shares, because = [], []
    for kind in sorted(counted):
        if kind in both:
            share, missing = action_match(agents[kind], said=said, call_day=call_day)
            details = " with the same details"
            if missing:
                details = f"; nobody said its {' or '.join(missing)}"
            shares.append(0.5 + 0.5 * share)
            because.append(f"Both {_KIND_WORDS[kind]}{details}.")
        else:
            who = "agent" if kind in agents else "person"
            shares.append(0.0)
            because.append(f"Only the {who} {_KIND_WORDS[kind]}.")
    return sum(shares) / len(shares), " ".join(because)


def _borne_out(name: str, value: str, said: str, call_day: CallDay) -> bool:
    """Whether an argument agrees with what was said: as a day, as a time, or word by word."""
    wanted: set[SpokenFact] = set()
    day = parse_day(value, today=call_day.today) if name == "day" else None
    if day is not None:
        wanted = {SpokenFact("day", day.isoformat())}
    at = parse_time(value, open_between=call_day.open_between) if name == "time" else None
    if at is not None:
        wanted = {SpokenFact("time", at.isoformat("minutes"))}
    if wanted:
        return wanted <= facts_in(said, call_day=call_day)
    words = [word for word in words_of(value) if word not in _FILLERS]
    return bool(words) and set(words) <= set(words_of(said))
