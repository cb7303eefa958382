"""Turns in which the caller asks something:
facts, passages, things nobody knows, small talk, people, emergencies.
"""

from __future__ import annotations

from programs.frontdesk.dialogues import knowledge
from programs.frontdesk.dialogues.scene import Scene

UNKNOWN = (
    "i am sorry, i do not have that information. i can put you through to someone if you like."
)
CONNECTING = "i am putting you through now. please hold."
UNCLEAR = "sorry, i did not catch that. could you say it again?"
SORRY = "i am sorry about that. could you tell me again what you need?"


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


def ask_fact(scene: Scene, *, then: str = "") -> None:
    """A question that the profile answers."""
    label, value = scene.rng.choice(scene.facts)
    if label in ("hours", "address", "phone"):
        scene.hear(f"ask_{label}")
    elif label.startswith("price of "):
        scene.hear("ask_price", x=label.removeprefix("price of "))
    else:
        ask_about(scene, label, aspect="ask_topic")
    scene.say(answer_for(label, value) + then, act="answer", fact=value)


def ask_about(scene: Scene, topic: str, *, aspect: str, known: bool = True) -> None:
    """The caller's question about a topic."""
    question = knowledge.synonym_question(topic, lex=scene.lex)
    if question is not None:
        scene.stt_pieces(scene.pieces(question))
    else:
        scene.hear(
            aspect,
            x=knowledge.near(topic, taken=scene.known_topics() - {topic}, lex=scene.lex)
            if known
            else topic,
        )


def ask_passage(scene: Scene, *, then: str = "") -> None:
    """A question that one sentence of the retrieved passages answers."""
    rng, lex = scene.rng, scene.lex
    taken = scene.known_topics()
    if rng.random() < 0.4:
        return ask_natural(scene, then=then)
    topics: list[str] = []
    for _ in range(rng.choice((1, 2, 2, 3, 4))):
        topics.append(knowledge.fresh_topic(taken | set(topics), lex=lex))
    split = rng.randint(1, len(topics))
    passages = [
        knowledge.passage(part, lex=lex) for part in (topics[:split], topics[split:]) if part
    ]
    rng.shuffle(passages)
    scene.retrieve(passages)
    chosen = rng.choice(passages)
    index = rng.randrange(len(chosen.topics))
    return ask_sentence(
        scene, chosen.sentences[index], chosen.topics[index], chosen.aspects[index], then=then
    )


def ask_passage_again(scene: Scene) -> None:
    """A question that some passage of the call answers, retrieved for whatever question."""
    known = [
        (sentence, topic, aspect)
        for passage in scene.passages
        for sentence, topic, aspect in zip(
            passage.sentences, passage.topics, passage.aspects, strict=True
        )
        if topic != sentence  # what `ask_natural` retrieves names no topic
    ]
    if not known:
        return ask_passage(scene)
    return ask_sentence(scene, *scene.rng.choice(known))


def ask_sentence(scene: Scene, sentence: str, topic: str, aspect: str, *, then: str = "") -> None:
    """A question about a topic, of the kind that the sentence answers or of any kind, and the
    sentence.
    """
    ask_about(scene, topic, aspect=aspect if scene.rng.random() < 0.6 else "ask_topic")
    scene.say(sentence.lower() + "." + then, act="answer", fact=sentence.lower())


def ask_natural(scene: Scene, *, then: str) -> None:
    """A question in other words than the sentence that answers it,
    perhaps beside other sentences.
    """
    rng, lex = scene.rng, scene.lex
    sentence, question = knowledge.natural(lex=lex)
    sentences = [
        sentence,
        *(knowledge.natural(lex=lex)[0] for _ in range(rng.choice((0, 0, 1, 2)))),
    ]
    sentences = [
        text
        for i, text in enumerate(sentences)
        if i == 0 or text.split()[:3] != sentence.split()[:3]
    ]
    rng.shuffle(sentences)
    split = rng.randint(1, len(sentences))
    groups = [group for group in (sentences[:split], sentences[split:]) if group]
    scene.retrieve(
        [
            knowledge.Passage(tuple(group), tuple(group), ("ask_topic",) * len(group))
            for group in groups
        ]
    )
    scene.stt_pieces(scene.pieces(question))
    scene.say(sentence.lower() + "." + then, act="answer", fact=sentence.lower())


def ask_unknown(scene: Scene, *, then: str = "") -> None:
    """A question that nothing answers, often beside passages on other things."""
    taken = scene.known_topics()
    roll = scene.rng.random()
    missing = [bank for bank in ("hours", "address", "phone") if bank not in dict(scene.facts)]
    if missing and roll < 0.25:
        scene.hear(f"ask_{scene.rng.choice(missing)}")
    elif roll < 0.5:
        scene.hear(
            "ask_price", x=knowledge.fresh_service(taken, vertical=scene.vertical, lex=scene.lex)
        )
    else:
        topic = knowledge.fresh_topic(taken, lex=scene.lex)
        if scene.rng.random() < 0.5:
            others = [
                knowledge.fresh_topic(taken | {topic}, lex=scene.lex)
                for _ in range(scene.rng.choice((1, 2, 3)))
            ]
            scene.retrieve([knowledge.passage(others, lex=scene.lex)])
        ask_about(
            scene,
            topic,
            aspect=scene.rng.choice([*knowledge.ASPECTS, "ask_topic", "ask_topic"]),
            known=False,
        )
    scene.say(UNKNOWN, act="unknown")
    if then or scene.rng.random() < 0.7:
        return
    if scene.rng.random() < 0.5:
        scene.hear("accept_offer")
        transfer(scene, reason="caller asked")
    else:
        scene.hear("no_thanks")
        scene.say("all right. what else can i do for you?", act="chat")


def transfer(scene: Scene, *, reason: str) -> None:
    """The hand-over to a person."""
    tool = scene.box.transfer
    scene.call(tool.name, [(tool.required[0], reason)], act="transfer")
    scene.result(status="transferring")
    scene.say(CONNECTING, act="chat")


def ask_person(scene: Scene) -> None:
    """The caller wants a person."""
    scene.hear("person")
    transfer(scene, reason="caller asked")


def emergency(scene: Scene) -> None:
    """The caller is in danger."""
    own = f"emergency_{scene.vertical}"
    scene.hear(
        own
        if own in ("emergency_homeservices", "emergency_healthcare") and scene.rng.random() < 0.7
        else "emergency"
    )
    transfer(scene, reason="emergency")


def fail_once(scene: Scene) -> None:
    """The caller is not understood, or was answered wrongly, once."""
    if scene.rng.random() < 0.5:
        scene.hear("gibberish")
        scene.say(UNCLEAR, act="unclear")
    else:
        scene.hear("not_helped")
        scene.say(SORRY, act="unclear")


def fail_twice(scene: Scene) -> None:
    """Two failures in a row end with a person."""
    fail_once(scene)
    scene.hear(scene.rng.choice(("gibberish", "not_helped", "again_not_helped")))
    transfer(scene, reason="could not help")


def off_role(scene: Scene) -> None:
    """The caller tries to lead the agent away."""
    scene.hear("off_role")
    scene.say(
        f"i can only help with calls for {scene.business}. what can i do for you?", act="off_role"
    )


def small_talk(scene: Scene) -> None:
    """Questions about the agent itself, the date, and courtesies."""
    kind = scene.rng.choice(
        ("robot", "who", "date", "how_are_you", "thanks", "hello", "hold_on", "repeat")
    )
    said = [m for m in scene.messages if m.role == "assistant" and not m.call]
    if kind == "repeat" and not said:
        kind = "hello"
    scene.hear(kind, x=scene.business)
    last = said[-1].text if said else ""
    scene.say(
        {
            "robot": f"i am the virtual receptionist at {scene.business}. how can i help?",
            "who": f"this is {scene.agent} at {scene.business}. how can i help?",
            "date": f"today is {scene.today}.",
            "how_are_you": "i am well, thank you. how can i help?",
            "thanks": "is there anything else i can help with?",
            "hello": "hello, how can i help?",
            "hold_on": "of course. how can i help?",
            "repeat": last,
        }[kind],
        act="chat",
    )


def status(scene: Scene) -> None:
    """A look-up of a reference."""
    lookup = scene.box.lookup
    if lookup is None or lookup.required != ("reference",):
        return ask_fact(scene)
    rng, lex = scene.rng, scene.lex
    reference = lex.digits(3, 5)
    if rng.random() < 0.5:
        scene.hear("status")
        scene.say("what is your reference?", act="ask")
        scene.hear("give_ref", ref=reference)
    else:
        scene.hear("status_ref", ref=reference)
    scene.call(lookup.name, [("reference", reference)], act="lookup")
    if rng.random() < 0.2:
        scene.result(status="not found")
        scene.say("i cannot find that reference. could you say it again?", act="result")
        reference = lex.digits(3, 5)
        scene.hear("give_ref", ref=reference)
        scene.call(lookup.name, [("reference", reference)], act="lookup")
    state = (
        lex.plain(1, 4)
        if rng.random() < 0.6
        else rng.choice(
            (
                "technician on the way",
                "waiting for parts",
                "in progress",
                "closed",
                "done",
                "confirmed",
                "scheduled for tomorrow",
            )
        )
    )
    scene.result(status="found", state=state)
    scene.say(f"the status is {state}. anything else?", act="result", fact=state)
    return None


def goodbye(scene: Scene) -> None:
    """The caller leaves."""
    scene.hear("bye")
    scene.say(f"thank you for calling {scene.business}. goodbye.", act="bye")


def greeting(scene: Scene) -> None:
    """The first words, either the model's own or some that the product spoke."""
    own = f"thanks for calling {scene.business}, this is {scene.agent}. how can i help?"
    if scene.rng.random() < 0.7:
        scene.say(own, act="greet")
        return
    other = scene.rng.choice(
        (
            "hello, you have reached {b}. what can i do for you?",
            "{b}, {a} speaking.",
            "welcome to {b}. how may i help you today?",
            "good day, this is {b}. how can i help?",
            "hi, {a} here from {b}.",
            "thank you for calling {b}. how can i help you?",
        )
    )
    scene.say(other.format(b=scene.business, a=scene.agent), act="greet", target=False)
