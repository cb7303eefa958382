"""Turns in which the caller asks something that a fact, a passage, a look-up or nothing answers."""

from __future__ import annotations

from programs.frontdesk.dialogues import knowledge, transfers
from programs.frontdesk.dialogues.builder import DialogueBuilder
from programs.frontdesk.types import DialogueTool

UNKNOWN = (
    "i am sorry, i do not have that information. i can put you through to someone if you like."
)
STATES = (
    "technician on the way",
    "waiting for parts",
    "in progress",
    "closed",
    "done",
    "confirmed",
    "scheduled for tomorrow",
)


def answer_for(label: str, value: str) -> str:
    """The spoken answer that a fact gives."""
    if label == "hours":
        return f"we are open {value}."
    if label == "address":
        return f"we are at {value}."
    if label == "phone":
        return f"our number is {value}."
    if label.startswith("price of "):
        return f"{label.removeprefix('price of ')} is {value}."
    return f"{label}: {value}."


def ask_fact(builder: DialogueBuilder, *, then: str = "") -> None:
    """A question that the profile answers."""
    label, value = builder.rng.choice(builder.facts)
    if label in ("hours", "address", "phone"):
        builder.caller_says(f"ask_{label}")
    elif label.startswith("price of "):
        builder.caller_says("ask_price", x=label.removeprefix("price of "))
    else:
        ask_about(builder, label, aspect="ask_topic")
    builder.agent_says(answer_for(label, value) + then, act="answer", fact=value)


def ask_about(builder: DialogueBuilder, topic: str, *, aspect: str, known: bool = True) -> None:
    """The caller's question about a topic."""
    lexicon = builder.lexicon
    question = knowledge.synonym_question(topic, lexicon=lexicon)
    if question is not None:
        builder.caller_says_words(builder.words(question))
        return
    if known:
        others = builder.known_topics() - {topic}
        topic = knowledge.partly_renamed(topic, taken=others, lexicon=lexicon)
    builder.caller_says(aspect, x=topic)


def ask_passage(builder: DialogueBuilder, *, then: str = "") -> None:
    """A question that one sentence of the retrieved passages answers."""
    rng, lexicon = builder.rng, builder.lexicon
    taken = builder.known_topics()
    if rng.random() < 0.4:
        return ask_natural(builder, then=then)
    topics: list[str] = []
    for _ in range(rng.choice((1, 2, 2, 3, 4))):
        topics.append(knowledge.fresh_topic(taken | set(topics), lexicon=lexicon))
    split = rng.randint(1, len(topics))
    passages = [
        knowledge.passage(part, lexicon=lexicon)
        for part in (topics[:split], topics[split:])
        if part
    ]
    rng.shuffle(passages)
    builder.retrieve(passages)
    chosen = rng.choice(passages)
    index = rng.randrange(len(chosen.topics))
    return ask_sentence(
        builder, chosen.sentences[index], chosen.topics[index], chosen.aspects[index], then=then
    )


def ask_passage_again(builder: DialogueBuilder) -> None:
    """A question that some passage of the call answers, retrieved for whatever question."""
    known = [
        (sentence, topic, aspect)
        for passage in builder.passages
        for sentence, topic, aspect in zip(
            passage.sentences, passage.topics, passage.aspects, strict=True
        )
        if topic != sentence  # what `ask_natural` retrieves names no topic
    ]
    if not known:
        return ask_passage(builder)
    return ask_sentence(builder, *builder.rng.choice(known))


def ask_sentence(
    builder: DialogueBuilder, sentence: str, topic: str, aspect: str, *, then: str = ""
) -> None:
    """A question about a topic that a sentence answers, of its kind or of any, and the sentence."""
    ask_about(builder, topic, aspect=aspect if builder.rng.random() < 0.6 else "ask_topic")
    builder.agent_says(sentence.lower() + "." + then, act="answer", fact=sentence.lower())


def ask_natural(builder: DialogueBuilder, *, then: str) -> None:
    """A question in other words than the sentence that answers it, perhaps beside others."""
    rng, lexicon = builder.rng, builder.lexicon
    sentence, question = knowledge.paraphrased_fact(lexicon=lexicon)
    others = [
        knowledge.paraphrased_fact(lexicon=lexicon)[0] for _ in range(rng.choice((0, 0, 1, 2)))
    ]
    beginning = sentence.split()[:3]
    sentences = [sentence, *(other for other in others if other.split()[:3] != beginning)]
    rng.shuffle(sentences)
    split = rng.randint(1, len(sentences))
    groups = [group for group in (sentences[:split], sentences[split:]) if group]
    builder.retrieve(
        [
            knowledge.SyntheticPassage(tuple(group), tuple(group), ("ask_topic",) * len(group))
            for group in groups
        ]
    )
    builder.caller_says_words(builder.words(question))
    builder.agent_says(sentence.lower() + "." + then, act="answer", fact=sentence.lower())


def ask_unknown(builder: DialogueBuilder, *, then: str = "") -> None:
    """A question that nothing answers, often beside passages on other things."""
    rng, taken = builder.rng, builder.known_topics()
    roll = rng.random()
    missing = [bank for bank in ("hours", "address", "phone") if bank not in dict(builder.facts)]
    if missing and roll < 0.25:
        builder.caller_says(f"ask_{rng.choice(missing)}")
    elif roll < 0.5:
        service = knowledge.fresh_service(taken, vertical=builder.vertical, lexicon=builder.lexicon)
        builder.caller_says("ask_price", x=service)
    else:
        ask_unknown_topic(builder, taken)
    builder.agent_says(UNKNOWN, act="unknown")
    if then or rng.random() < 0.7:
        return
    if rng.random() < 0.5:
        builder.caller_says("accept_offer")
        transfers.transfer(builder, reason="caller asked")
    else:
        builder.caller_says("no_thanks")
        builder.agent_says("all right. what else can i do for you?", act="chat")


def ask_unknown_topic(builder: DialogueBuilder, taken: set[str]) -> None:
    """A question about a topic that nothing mentions, perhaps beside passages on others."""
    rng, lexicon = builder.rng, builder.lexicon
    topic = knowledge.fresh_topic(taken, lexicon=lexicon)
    if rng.random() < 0.5:
        others = [
            knowledge.fresh_topic(taken | {topic}, lexicon=lexicon)
            for _ in range(rng.choice((1, 2, 3)))
        ]
        builder.retrieve([knowledge.passage(others, lexicon=lexicon)])
    aspect = rng.choice([*knowledge.ASPECTS, "ask_topic", "ask_topic"])
    ask_about(builder, topic, aspect=aspect, known=False)


def ask_status(builder: DialogueBuilder) -> None:
    """A question for a booking's or ticket's status; where no tool looks it up, for a fact."""
    lookup = builder.toolbox.lookup
    if lookup is None or lookup.required != ("reference",):
        ask_fact(builder)
    else:
        look_up_status(builder, lookup)


def look_up_status(builder: DialogueBuilder, lookup: DialogueTool) -> None:
    """The caller's reference, the look-up, perhaps another try, and the status."""
    rng, lexicon = builder.rng, builder.lexicon
    reference = lexicon.digits(3, 5)
    if rng.random() < 0.5:
        builder.caller_says("status")
        builder.agent_says("what is your reference?", act="ask")
        builder.caller_says("give_ref", ref=reference)
    else:
        builder.caller_says("status_ref", ref=reference)
    builder.agent_calls(lookup.name, [("reference", reference)], act="lookup")
    if rng.random() < 0.2:
        builder.tool_returns(status="not found")
        builder.agent_says("i cannot find that reference. could you say it again?", act="result")
        reference = lexicon.digits(3, 5)
        builder.caller_says("give_ref", ref=reference)
        builder.agent_calls(lookup.name, [("reference", reference)], act="lookup")
    state = lexicon.plain(1, 4) if rng.random() < 0.6 else rng.choice(STATES)
    builder.tool_returns(status="found", state=state)
    builder.agent_says(f"the status is {state}. anything else?", act="result", fact=state)
