"""Who calls whom in the demo, and what they say."""

from dataclasses import dataclass

from programs.carrier_simulator.audio import voice
from programs.carrier_simulator.script import EndCall, Listen, Say, ScriptStep

PLUMBER, CLINIC, PLUMBER_SHADOWED = "+12125550100", "+442071230200", "+12125550101"
PERSON = "+12125550199"
NEW_YORK, LONDON, BOSTON = "+12125550147", "+442079460018", "+16175550163"

# A pause in which the other side may still be about to speak: an agent's sentences follow one
# another within it.
TURN_OVER_MS = 1100


@dataclass(frozen=True, slots=True)
class DemoCall:
    """One call of the demo: who calls whom, and what the caller says."""

    title: str
    tenant: str
    caller: str
    dialled: str
    script: tuple[ScriptStep, ...]
    shadow: bool = False


def _listen() -> Listen:
    return Listen(quiet_ms=TURN_OVER_MS, at_most_s=20)


def _conversation(*names: str) -> tuple[ScriptStep, ...]:
    """Each recording after the other side's turn, and at the end its goodbye."""
    steps: list[ScriptStep] = []
    for name in names:
        steps += [_listen(), Say(voice(name))]
    return (*steps, _listen(), EndCall())


CALLS = (
    DemoCall(
        title="a plumber's customer",
        tenant="rivertown-plumbing",
        caller=NEW_YORK,
        dialled=PLUMBER,
        script=_conversation("plumbing_question", "plumbing_booking", "yes_please", "that_is_all"),
    ),
    DemoCall(
        title="a clinic's patient",
        tenant="lakeside-clinic",
        caller=LONDON,
        dialled=CLINIC,
        script=_conversation("clinic_question", "clinic_booking", "yes_please", "no_thank_you"),
    ),
    DemoCall(
        title="answered by a person, the agent in the shadow",
        tenant="rivertown-plumbing",
        caller=BOSTON,
        dialled=PLUMBER_SHADOWED,
        script=_conversation("heater_price", "heater_booking", "yes_please", "no_thank_you"),
        shadow=True,
    ),
)

# The person who answers the shadowed call speaks first, then after each of the caller's turns.
PEOPLE: dict[str, tuple[ScriptStep, ...]] = {
    PERSON: (
        Say(voice("person_greets")),
        *(
            step
            for name in ("person_price", "person_confirms", "person_books", "person_goodbye")
            for step in (_listen(), Say(voice(name)))
        ),
        Listen(quiet_ms=TURN_OVER_MS, at_most_s=6),
        EndCall(),
    ),
}
