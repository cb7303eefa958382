"""What a company has still to do before its calls are answered, in the order that serves it."""

from dataclasses import dataclass

from django.urls import reverse

from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """What there is of a company's set-up."""

    numbers: int
    live_agents: int
    has_hours: bool
    documents: int
    tries: bool
    shadowed_calls: int
    live_numbers: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what for, where, and whether it is done."""

    title: str
    why: str
    url_name: str
    button: str
    permission: Permission
    is_done: bool

    @property
    def address(self) -> str:
        """Its page's path."""
        return reverse(self.url_name)


def steps(facts: SetupFacts) -> tuple[Step, ...]:
    """The steps from nothing to calls that are answered, each with whether it is done."""
    return (
        Step(
            "Give your company a number",
            "Callers dial it. Bring one that you have, or get one here.",
            "numbers",
            "Add a number",
            Permission.NUMBERS_WRITE,
            facts.numbers > 0,
        ),
        Step(
            "Make an agent",
            "It starts from what companies like yours say; you change the words.",
            "agents",
            "Make an agent",
            Permission.AGENTS_WRITE,
            facts.live_agents > 0,
        ),
        Step(
            "Say when you are open",
            "Agents book visits within your opening hours, and none before you have set them.",
            "business-hours",
            "Set opening hours",
            Permission.AGENTS_WRITE,
            facts.has_hours,
        ),
        Step(
            "Tell it what it should know",
            "Upload what you would give to a new colleague: prices, policies, how to find you.",
            "knowledge",
            "Add a document",
            Permission.KNOWLEDGE_WRITE,
            facts.documents > 0,
        ),
        Step(
            "Try it in writing",
            "Ask what callers ask. You see what it looked up and what it would have done.",
            "agents",
            "Try your agent",
            Permission.AGENTS_READ,
            facts.tries,
        ),
        Step(
            "Let it listen to real calls",
            "In shadow mode a person answers and the agent thinks along, unheard. You judge it.",
            "numbers",
            "Set a number to shadow",
            Permission.NUMBERS_WRITE,
            facts.shadowed_calls > 0,
        ),
        Step(
            "Let it answer",
            "Set the number to live: from the next call on your agent speaks.",
            "numbers",
            "Go live",
            Permission.NUMBERS_WRITE,
            facts.live_numbers > 0,
        ),
    )


def next_step(plan: tuple[Step, ...]) -> Step | None:
    """The first that is not done; None when all are."""
    return next((step for step in plan if not step.is_done), None)
