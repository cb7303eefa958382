"""One call under way: who runs the business, what is known, and what was said so far."""

from __future__ import annotations

import json
import random
import string

from programs.frontdesk.dialogues import knowledge, toolbox
from programs.frontdesk.dialogues.lexicon import (
    MONTHS,
    VERTICAL_WEIGHTS,
    VERTICALS,
    WEEKDAYS,
    Lexicon,
    ordinal,
)
from programs.frontdesk.dialogues.noise import recognise
from programs.frontdesk.dialogues.phrases import choose
from programs.frontdesk.types import Dialogue, Message, ToolCall

KINDS = {
    "homeservices": "a home services company",
    "healthcare": "a medical practice",
    "realestate": "a real estate agency",
    "salon": "a salon",
    "hospitality": "a restaurant",
    "helpdesk": "an it helpdesk",
}


class Scene:
    """Builds a dialogue message by message; the caller's side is noisy, the agent's side exact."""

    def __init__(
        self,
        rng: random.Random,
        *,
        held: bool,
        wild: float,
        noise: float,
        crowd: float,
        product_tools: float,
    ) -> None:
        self.rng, self.held, self.noise, self.crowd = rng, held, noise, crowd
        self.lex = Lexicon(rng, held=held, wild=wild)
        self.vertical = rng.choices(VERTICALS, VERTICAL_WEIGHTS)[0]
        self.business = self.lex.business(self.vertical)
        self.agent = self.lex.first_name()
        self.today = (
            f"{rng.choice(WEEKDAYS)} the {ordinal(rng.randint(1, 31))} of {rng.choice(MONTHS)}"
        )
        least, most = (2, 5) if wild > 0.45 else (2, 6)
        self.facts = knowledge.facts(self.vertical, lex=self.lex, least=least, most=most)
        exact = rng.random() < product_tools
        self.box = (
            toolbox.product_toolbox(self.vertical)
            if exact
            else toolbox.varied_toolbox(self.vertical, lex=self.lex)
        )
        self.passages: list[knowledge.Passage] = []
        self.failures = 0
        self.messages: list[Message] = [Message("system", self.prompt())]

    def prompt(self) -> str:
        """The system prompt, as `render_prompt` writes it without its rules."""
        lines = [
            f"You are {self.agent}, the receptionist at {self.business}, {KINDS[self.vertical]}.",
            "Facts:",
        ]
        lines += [f"{label}: {value}" for label, value in self.facts]
        return "\n".join([*lines, f"Today is {self.today}."])

    def known_topics(self) -> set[str]:
        """Every topic on which something was written in the prompt or a passage."""
        topics = {label.removeprefix("price of ") for label, _ in self.facts}
        for passage in self.passages:
            topics |= set(passage.topics) | set(passage.sentences)
        return topics | {value for _, value in self.facts} | {self.business}

    def say(self, text: str, *, act: str, fact: str = "", target: bool = True) -> None:
        """The agent speaks."""
        self.messages.append(Message("assistant", text, target=target, act=act, fact=fact))

    def call(self, name: str, arguments: list[tuple[str, str]], *, act: str) -> None:
        """The agent calls a tool."""
        self.messages.append(
            Message("assistant", call=ToolCall(name, tuple(arguments)), target=True, act=act)
        )

    def result(self, **outcome: str) -> None:
        """A tool answers."""
        self.messages.append(Message("tool", json.dumps(outcome)))

    def retrieve(self, passages: list[knowledge.Passage]) -> None:
        """Passages arrive just before a caller's turn."""
        lines = [f"[{i}] {passage.text}" for i, passage in enumerate(passages, 1)]
        self.passages += passages
        self.messages.append(Message("system", "Knowledge:\n" + "\n".join(lines)))

    def stt_text(self, text: str) -> None:
        """The caller's turn exactly as given; sometimes with passages that do not matter."""
        if self.rng.random() < self.crowd and self.messages[-1].role != "system":
            self.retrieve([self.idle_passage() for _ in range(self.rng.choice((1, 1, 2)))])
        self.messages.append(Message("user", text))

    def idle_passage(self) -> knowledge.Passage:
        """A passage about things nobody asked."""
        taken = self.known_topics()
        return knowledge.passage(
            [knowledge.fresh_topic(taken, lex=self.lex) for _ in range(self.rng.choice((1, 1, 2)))],
            lex=self.lex,
        )

    def hear(self, bank: str, **slots: str) -> None:
        """The caller says one phrasing of a bank, through the recogniser."""
        self.stt_pieces(self.pieces(choose(bank, rng=self.rng, held=self.held), **slots))

    def stt_pieces(self, pieces: list[tuple[str, bool]]) -> None:
        """The caller says these words, through the recogniser."""
        if self.rng.random() < 0.12:
            pieces = self.pieces(choose("lead", rng=self.rng, held=self.held)) + pieces
        self.stt_text(recognise(pieces, rng=self.rng, level=self.noise))

    def pieces(self, phrasing: str, **slots: str) -> list[tuple[str, bool]]:
        """The words of a phrasing; those of its slots are closed to noise."""
        article = self.rng.choice(("a", "a", "the", "some", ""))
        found: list[tuple[str, bool]] = []
        for piece in phrasing.split():
            field = next((key for _, key, _, _ in string.Formatter().parse(piece) if key), None)
            if field is None:
                found.append((piece, True))
            elif field == "a":
                found += [(article, True)] if article else []
            else:
                found += [
                    (word, False) for word in piece.replace(f"{{{field}}}", slots[field]).split()
                ]
        return found

    def dialogue(self) -> Dialogue:
        """What was built."""
        return Dialogue(self.vertical, self.box.tools, tuple(self.messages))
