"""A scripted caller who knows what to book,
answers what is asked, and corrects what was misheard.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from programs.frontdesk.dialogues import bookings, dialogues, enquiries
from programs.frontdesk.dialogues.phrases import choose
from programs.frontdesk.dialogues.scene import Scene
from programs.frontdesk.evaluation.scoring import Reply, plain
from programs.frontdesk.types import Dialogue

Model = Callable[[Dialogue], Reply]
MOST_TURNS = 12
QUESTIONS = {
    **{text: role for role, text in bookings.ASK.items()},
    **dict.fromkeys(bookings.ASK_THING.values(), "thing"),
}


def scene_for(seed: int) -> Scene:
    """A held-out business with the product's own tools."""
    stage = dialogues.FULL
    scene = Scene(
        random.Random(seed),
        held=True,
        wild=stage.wild,
        noise=stage.noise,
        crowd=stage.crowd,
        product_tools=1.0,
    )
    enquiries.greeting(scene)
    return scene


def opened(seed: int) -> bookings.Booking:
    """The booking that the caller of a seed wants, after the first words."""
    scene = scene_for(seed)
    booking = bookings.Booking(scene)
    booking.open([role for role in booking.roles if scene.rng.random() < 0.5])
    return booking


def books(seed: int, model: Model) -> bool:
    """Whether the scripted caller of a seed gets exactly what was wanted within twelve turns of the
    agent.
    """
    return completes(opened(seed), model)


def completes(booking: bookings.Booking, model: Model) -> bool:
    """Whether the caller of an opened booking gets it."""
    scene = booking.scene
    wanted = [(argument, booking.want[role]) for argument, role in booking.box.roles]
    for _ in range(MOST_TURNS):
        reply = model(scene.dialogue())
        if reply.call is not None:
            return (
                reply.call.name == booking.box.booking.name and list(reply.call.arguments) == wanted
            )
        scene.say(reply.text, act="said", target=False)
        answer(scene, booking, plain(reply.text))
    return False


def answer(scene: Scene, booking: bookings.Booking, said: str) -> None:
    """The caller's next turn after what the agent said."""
    role = next((role for text, role in QUESTIONS.items() if said.endswith(plain(text))), None)
    if role in booking.want:
        assert role is not None
        bank = (
            "book_helpdesk" if role == "thing" and scene.vertical == "helpdesk" else f"give_{role}"
        )
        slot = "thing" if role == "thing" else role
        scene.stt_pieces(
            scene.pieces(choose(bank, rng=scene.rng, held=True), **{slot: booking.want[role]})
        )
    elif said.endswith(("shall i book it", "shall i open a ticket")):
        wrong = [value for value in booking.want.values() if plain(value) not in said]
        if wrong:
            scene.hear("change", v=wrong[0])
        else:
            scene.hear("yes")
    else:
        scene.stt_text(" ".join(word for word, _ in booking.wish(with_thing=True)))
