"""Whether two answers contradict each other, and where nobody but a person can tell. Pure.

Denials, permissions and exceptions are compared clause by clause, where both speak of the same.
Facts are compared by `shadow.facts`. Two sentences may be alike to the ear and opposite in meaning,
so this goes before any similarity.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from shadow.clauses import Clause, clauses_of

Finding = Literal["contradiction", "unjudged"]
_ALIGNED: Final = 0.34  # of the smaller clause's meanings, in both: they speak of the same
_SAME_FRAME: Final = 0.5  # of the larger: but for a word or two, one sentence
_FEW: Final = 2  # words that may stand in another's place
_OPPOSED_MOODS: Final = frozenset(
    (
        frozenset(("permit", "forbid")),
        frozenset(("require", "forbid")),
        frozenset(("advise", "forbid")),
        frozenset(("optional", "forbid")),
        frozenset(("permit", "require")),
        frozenset(("optional", "require")),
    )
)


_MOODS: Final = {
    "permit": "that it is allowed",
    "forbid": "that it is not",
    "require": "that it must be",
    "advise": "that it should be",
    "optional": "that it need not be",
}
_DENYING_PREFIX: Final = re.compile(r"(?:un|dis|non-?|in|im|il|ir|mis)(?=[a-z]{4})")
# Words between others: they stand for nothing by themselves.
_RELATIONS: Final = frozenset(("with", "before", "enable", "in", "up", "down", "more", "most"))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What was found, and why, in words for a reviewer."""

    finding: Finding
    because: str


def disagreement(agent: str, human: str) -> Disagreement | None:
    """A contradiction, else what cannot be judged, else None: nothing speaks against agreement."""
    agents, humans = clauses_of(agent), clauses_of(human)
    found = [
        reason
        for one in agents
        for other in humans
        if _aligned(one, other)
        for reason in _between(one, other)
    ]
    found += _by_form(agents, humans)
    found += _other_words(agents, humans)
    found += _answers(agents, humans, agree=bool(agents and humans) and not found)
    found += _denied_by_one("agent", agents, humans)
    found += _denied_by_one("person", humans, agents)
    if agent.strip() and human.strip():
        found += _bare_denial(agents, humans)
    contradictions = [reason for reason in found if reason.finding == "contradiction"]
    return next(iter([*contradictions, *found]), None)


def _aligned(one: Clause, other: Clause) -> bool:
    shared = one.meanings & other.meanings
    smaller = min(len(one.meanings), len(other.meanings))
    return bool(shared) and len(shared) >= _ALIGNED * smaller


def _between(one: Clause, other: Clause) -> Iterator[Disagreement]:
    """What speaks against two clauses about the same."""
    differing = _differing(one, other)
    excepted = one.excepts != other.excepts
    if differing:
        unsure = excepted or one.asks or other.asks or (one.negated and other.negated)
        finding: Finding = "unjudged" if unsure else "contradiction"
        yield Disagreement(finding, f"one affirms and the other denies “{one.words[differing[0]]}”")
    moods = frozenset((one.mood, other.mood))
    if len(moods) == 2 and "" not in moods:
        finding = "contradiction" if moods in _OPPOSED_MOODS else "unjudged"
        because = f"one says {_MOODS[one.mood]}, the other {_MOODS[other.mood]}"
        yield Disagreement(finding, because)
    if excepted:
        yield Disagreement("unjudged", "only one of them makes an exception")
    if (one.of_all and other.of_some) or (one.of_some and other.of_all):
        yield Disagreement("unjudged", "one speaks of all, the other of some")
    if len(moods) == 2 and "optional" in moods and "" in moods:
        yield Disagreement("unjudged", "only one of them says that it need not be")
    if one.meanings == other.meanings and _in_another_order(one, other):
        yield Disagreement("unjudged", "what comes first in one comes last in the other")


def _in_another_order(one: Clause, other: Clause) -> bool:
    """ "Before you eat, take it" against "take it before you eat": which before which?"""
    compared = one.compares and other.compares
    return compared and list(one.words) != list(other.words)


def _differing(one: Clause, other: Clause) -> list[str]:
    """Meanings that one affirms and the other denies."""
    shared = one.meanings & other.meanings
    # Where one says "closed", the other's "not open" is the same, whatever else it denies.
    decisive = shared & (one.opposed | other.opposed) or shared
    affirmed_by_one = {name for name in decisive if name not in one.denied | other.affirmed}
    affirmed_by_other = {name for name in decisive if name not in other.denied | one.affirmed}
    # "The repair is not covered by the warranty", "the warranty does not cover the repair"; "do not
    # smoke", "smoking is forbidden": both deny, in another order.
    both_deny = one.negated and other.negated
    turned = affirmed_by_one and affirmed_by_other and shared & one.denied & other.denied
    if both_deny and (turned or one.mood == other.mood == "forbid"):
        return []
    differing = affirmed_by_one | affirmed_by_other
    if both_deny:  # "cash is not accepted", "we do not accept cash"
        differing -= one.subjects | other.subjects
    return sorted(differing)


def _by_form(agents: tuple[Clause, ...], humans: tuple[Clause, ...]) -> Iterator[Disagreement]:
    """ "Agree" against "disagree", "painful" against "painless"."""
    ones, others = _affirmed_words(agents), _affirmed_words(humans)
    opposites = {_opposite(word): word for word in ones} | {word: word for word in ones}
    for word in sorted(others):
        for form in (word, _opposite(word)):
            if form in opposites and opposites[form] != word and form not in ones & others:
                because = f"the agent says “{opposites[form]}”, the person “{word}”"
                yield Disagreement("contradiction", because)


def _affirmed_words(clauses: tuple[Clause, ...]) -> frozenset[str]:
    return frozenset(
        word
        for clause in clauses
        for meaning, word in clause.words.items()
        if not clause.negated and not clause.asks and meaning
    )


def _opposite(word: str) -> str:
    """The word without what makes it its opposite; itself where nothing does."""
    if word.endswith("less"):
        return f"{word.removesuffix('less')}ful"
    match = _DENYING_PREFIX.match(word)
    return word[match.end() :] if match else word


def _other_words(agents: tuple[Clause, ...], humans: tuple[Clause, ...]) -> Iterator[Disagreement]:
    """One sentence but for a word or two: another name, thing or place cannot be told apart."""
    said_by_agent = frozenset().union(*(clause.meanings for clause in agents))
    said_by_human = frozenset().union(*(clause.meanings for clause in humans))
    for one in agents:
        for other in humans:
            shared = one.meanings & other.meanings
            larger = max(len(one.meanings), len(other.meanings))
            ones, others = one.meanings - said_by_human, other.meanings - said_by_agent
            if ones - _RELATIONS and others - _RELATIONS:
                ones, others = ones - _RELATIONS, others - _RELATIONS
            few = ones and others and max(len(ones), len(others)) <= _FEW
            alone = (ones <= _RELATIONS) != (others <= _RELATIONS)
            if few and not alone and shared and len(shared) >= _SAME_FRAME * larger:
                because = (
                    f"the agent says {_quoted(one, ones)}, the person {_quoted(other, others)}"
                )
                yield Disagreement("unjudged", because)


def _answers(
    agents: tuple[Clause, ...], humans: tuple[Clause, ...], *, agree: bool
) -> Iterator[Disagreement]:
    """ "Yes" against "no"."""
    one = {clause.answer for clause in agents} - {""}
    other = {clause.answer for clause in humans} - {""}
    if one and other and one != other:
        alone = not any(clause.meanings for clause in (*agents, *humans))
        finding: Finding = "contradiction" if alone or not agree else "unjudged"
        yield Disagreement(finding, "one answers yes, the other no")


def _bare_denial(agents: tuple[Clause, ...], humans: tuple[Clause, ...]) -> Iterator[Disagreement]:
    """ "Absolutely" against "absolutely not": what is denied stands in the caller's words."""
    for who, ones, others in (("agent", agents, humans), ("person", humans, agents)):
        bare = says_more = denied_too = False
        for clause in ones:
            bare = bare or _is_bare(clause)
            says_more = says_more or bool(clause.meanings)
        for clause in others:
            denied_too = denied_too or clause.negated or bool(clause.opposed)
            denied_too = denied_too or clause.answer == "no"
            says_more = says_more or bool(clause.meanings)
        if bare and not denied_too:
            finding: Finding = "unjudged" if says_more else "contradiction"
            yield Disagreement(finding, f"only the {who} says no")


def _is_bare(clause: Clause) -> bool:
    """Whether it denies what it does not name: "no", "absolutely not", "i can't do that"."""
    if clause.answer == "no" and not clause.meanings:
        return True
    named = (clause.denied | clause.opposed) - {"can"}
    return clause.negated and not named and not clause.mood and not clause.asks


def _denied_by_one(
    who: str, ones: tuple[Clause, ...], others: tuple[Clause, ...]
) -> Iterator[Disagreement]:
    """A denial that the other side says nothing of."""
    for clause in ones:
        denies = clause.denied - clause.affirmed or clause.mood == "forbid"
        answered = any(
            _aligned(clause, other) or other.denied or (other.mood and other.mood == clause.mood)
            for other in others
        )
        if denies and not clause.asks and others and not answered:
            about = f": {_quoted(clause, clause.denied)}" if clause.denied else ""
            yield Disagreement("unjudged", f"only the {who} denies something{about}")


def _quoted(clause: Clause, meanings: Iterable[str]) -> str:
    return f"“{' '.join(clause.words[meaning] for meaning in sorted(meanings))}”"
