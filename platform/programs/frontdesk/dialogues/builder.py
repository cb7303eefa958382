"""A dialogue under construction: who runs the business, what is known, and what was said."""

from __future__ import annotations

import json
import random
import string

from programs.frontdesk.dialogues import knowledge, toolbox
from programs.frontdesk.dialogues.difficulty import Difficulty
from programs.frontdesk.dialogues.stt_noise import misrecognise
from programs.frontdesk.dialogues.wording import phrases
from programs.frontdesk.dialogues.wording.lexicon import Lexicon
from programs.frontdesk.dialogues.wording.numbers import MONTHS, WEEKDAYS, ordinal
from programs.frontdesk.dialogues.wording.word_lists import VERTICALS
from programs.frontdesk.types import Dialogue, DialogueMessage, DialogueToolCall

Words = list[tuple[str, bool]]  # each with whether noise may touch it
VERTICAL_WEIGHTS = (3, 3, 1, 1, 1, 1)
LEADS = 0.12  # the share of the caller's turns that begin with some words of no matter
KINDS = {
    "homeservices": "a home services company",
    "healthcare": "a medical practice",
    "realestate": "a real estate agency",
    "salon": "a salon",
    "hospitality": "a restaurant",
    "helpdesk": "an it helpdesk",
}


class DialogueBuilder:
    """Builds a dialogue message by message; the caller's side is noisy, the agent's side exact."""

    def __init__(self, rng: random.Random, *, difficulty: Difficulty, held_out: bool) -> None:
        self.rng, self.held_out, self.difficulty = rng, held_out, difficulty
        random_values = difficulty.random_values
        self.lexicon = Lexicon(rng, held_out=held_out, random_values=random_values)
        self.vertical = rng.choices(VERTICALS, VERTICAL_WEIGHTS)[0]
        self.business = self.lexicon.business(self.vertical)
        self.agent = self.lexicon.first_name()
        weekday, day, month = rng.choice(WEEKDAYS), rng.randint(1, 31), rng.choice(MONTHS)
        self.today = f"{weekday} the {ordinal(day)} of {month}"
        most = 5 if random_values > 0.45 else 6
        self.facts = knowledge.facts(self.vertical, lexicon=self.lexicon, least=2, most=most)
        if rng.random() < difficulty.product_tools:
            self.toolbox = toolbox.product_toolbox(self.vertical)
        else:
            self.toolbox = toolbox.varied_toolbox(self.vertical, lexicon=self.lexicon)
        self.passages: list[knowledge.SyntheticPassage] = []
        self.messages: list[DialogueMessage] = [DialogueMessage("system", self.prompt())]

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

    def agent_says(self, text: str, *, act: str, fact: str = "", target: bool = True) -> None:
        """Add the agent's words; `target` ones are learnt."""
        self.messages.append(DialogueMessage("assistant", text, target=target, act=act, fact=fact))

    def agent_calls(self, name: str, arguments: list[tuple[str, str]], *, act: str) -> None:
        """Add the agent's tool call."""
        call = DialogueToolCall(name, tuple(arguments))
        self.messages.append(DialogueMessage("assistant", call=call, target=True, act=act))

    def tool_returns(self, **outcome: str) -> None:
        """Add the tool's answer."""
        self.messages.append(DialogueMessage("tool", json.dumps(outcome)))

    def retrieve(self, passages: list[knowledge.SyntheticPassage]) -> None:
        """Add the passages that are retrieved for the caller's next turn."""
        lines = [f"[{number}] {passage.text}" for number, passage in enumerate(passages, 1)]
        self.passages += passages
        self.messages.append(DialogueMessage("system", "Knowledge:\n" + "\n".join(lines)))

    def caller_says(self, bank: str, **slots: str) -> None:
        """Add one phrasing of a bank as the recogniser hears it."""
        self.caller_says_words(self.words(self.choose(bank), **slots))

    def caller_says_words(self, words: Words) -> None:
        """Add the caller's words as the recogniser hears them."""
        if self.rng.random() < LEADS:
            words = self.words(self.choose("lead")) + words
        self.add_transcript(misrecognise(words, rng=self.rng, level=self.difficulty.noise))

    def add_transcript(self, text: str) -> None:
        """Add the caller's turn exactly as given, sometimes after distractors."""
        distracted = self.rng.random() < self.difficulty.distractors
        if distracted and self.messages[-1].role != "system":
            self.retrieve([self._distractor() for _ in range(self.rng.choice((1, 1, 2)))])
        self.messages.append(DialogueMessage("user", text))

    def _distractor(self) -> knowledge.SyntheticPassage:
        """A passage about things that nobody asked."""
        taken, count = self.known_topics(), self.rng.choice((1, 1, 2))
        topics = [knowledge.fresh_topic(taken, lexicon=self.lexicon) for _ in range(count)]
        return knowledge.passage(topics, lexicon=self.lexicon)

    def choose(self, bank: str) -> str:
        """One phrasing of a bank, from this dialogue's side of the split."""
        return phrases.choose(bank, rng=self.rng, held_out=self.held_out)

    def words(self, phrasing: str, **slots: str) -> Words:
        """The words of a phrasing; noise does not touch those of its slots."""
        article = self.rng.choice(("a", "a", "the", "some", ""))
        words: Words = []
        for piece in phrasing.split():
            slot = next((key for _, key, _, _ in string.Formatter().parse(piece) if key), None)
            if slot is None:
                words.append((piece, True))
            elif slot == "a":
                words += [(article, True)] if article else []
            else:
                value = piece.replace(f"{{{slot}}}", slots[slot])
                words += [(word, False) for word in value.split()]
        return words

    def dialogue(self) -> Dialogue:
        """The dialogue so far."""
        return Dialogue(self.vertical, self.toolbox.tools, tuple(self.messages))
