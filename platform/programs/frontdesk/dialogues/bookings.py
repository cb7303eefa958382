"""A booking from the first wish to the reference:
given in any order, changed, confirmed, refused, tried again.
"""

from __future__ import annotations

from programs.frontdesk.dialogues import enquiries
from programs.frontdesk.dialogues.phrases import choose
from programs.frontdesk.dialogues.scene import Scene

ASK = {
    "day": "what day would suit you?",
    "time": "what time would suit you?",
    "name": "may i have your name?",
    "number": "what number can we reach you on?",
    "address": "what is the address?",
}
ASK_THING = {
    "homeservices": "which service do you need?",
    "healthcare": "what is the visit for?",
    "realestate": "which property would you like to see?",
    "salon": "which service would you like?",
    "hospitality": "for how many people?",
    "helpdesk": "what is the problem?",
}
OWN_BANKS = ("realestate", "hospitality", "helpdesk")
MISHEARD = 0.15  # the share of training's confirmations that read something back wrongly


class Booking:
    """The state of one booking in a scene: what is wanted, and what the agent has heard."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.box = scene, scene.box
        self.roles = [role for _, role in self.box.roles]
        self.want = {role: self.draw(role) for role in self.roles}
        self.heard: dict[str, str] = {}
        self.extra: dict[str, str] = {}

    def draw(self, role: str) -> str:
        """A value for a role."""
        lex = self.scene.lex
        match role:
            case "thing":
                return lex.thing(self.scene.vertical)
            case "number":
                return lex.digits(5, 10)
            case _:
                return str(getattr(lex, role)())

    @property
    def missing(self) -> str | None:
        """The first role not heard yet."""
        return next((role for role in self.roles if role not in self.heard), None)

    def question(self) -> str:
        """What the agent says next: the next question, or the confirmation."""
        role = self.missing
        if role is None:
            return self.confirmation()
        return ASK_THING[self.scene.vertical] if role == "thing" else ASK[role]

    def confirmation(self) -> str:
        """The whole booking read back."""
        got, vertical = {**self.heard, **self.extra}, self.scene.vertical
        text = f"so that is {'a table for ' if vertical == 'hospitality' else ''}{got['thing']}"
        if "day" in got:
            text += f", {got['day']} at {got['time']}"
        text += f", for {got['name']}"
        text += f" at {got['address']}" if "address" in got else ""
        text += f" on {got['number']}" if "number" in got else ""
        return f"{text}. shall i {'open a ticket' if vertical == 'helpdesk' else 'book it'}?"

    def ask(self) -> None:
        """The agent's next question or confirmation."""
        if self.missing is None and not self.scene.held:
            self.mishear()
        self.scene.say(self.question(), act="confirm" if self.missing is None else "ask")

    def mishear(self) -> None:
        """Now and then the agent reads something back wrongly and the caller says it again.

        The mistake is not learnt; what is learnt is to believe the caller and not one's own last
        words. Callers of the evaluation correct the model's own mistakes, and nine corrections in a
        row did not help before.
        """
        scene, rng = self.scene, self.scene.rng
        while rng.random() < MISHEARD:
            role = rng.choice(list(self.heard))
            right = self.heard[role]
            caught = rng.choice([m.text for m in scene.messages if m.role == "user"]).split()
            first = rng.randrange(len(caught))
            self.heard[role] = (
                self.draw(role) if rng.random() < 0.5 else " ".join(caught[first : first + 2])
            )
            scene.say(self.confirmation(), act="confirm", target=False)
            self.heard[role] = right
            scene.hear("change", v=right)

    def arguments(self) -> list[tuple[str, str]]:
        """The tool call's arguments in the schema's order."""
        given = [(argument, self.heard[role]) for argument, role in self.box.roles]
        return given + [
            (argument, self.extra[role])
            for argument, role in self.box.optional
            if role in self.extra
        ]

    def open(self, first: list[str]) -> None:
        """The caller's first words, which give the roles in `first`."""
        scene, rng = self.scene, self.scene.rng
        parts = [self.tail(role) for role in first if role != "thing"]
        rng.shuffle(parts)
        if "day" in first and "time" in first and rng.random() < 0.6:
            joined = scene.pieces(
                rng.choice(
                    (
                        "on {day} at {time}",
                        "{day} at {time}",
                        "at {time} on {day}",
                        "{time} on {day}",
                    )
                ),
                day=self.want["day"],
                time=self.want["time"],
            )
            parts = [joined] + [
                self.tail(role) for role in first if role not in ("thing", "day", "time")
            ]
            rng.shuffle(parts)
        wish = self.wish("thing" in first)
        before = rng.randint(0, len(parts)) if rng.random() < 0.25 else 0
        order = [*parts[:before], wish, *parts[before:]]
        if rng.random() < 0.15:
            order.append(scene.pieces(choose("trail", rng=rng, held=scene.held)))
        self.take(first)
        scene.stt_pieces([piece for part in order for piece in part])

    def tail(self, role: str) -> list[tuple[str, bool]]:
        """The words that add one role to an opening."""
        scene = self.scene
        value = self.want[role]
        if role in ("day", "time") and scene.rng.random() < 0.06:
            wrong = self.draw(role)
            return scene.pieces(
                f"{'on' if role == 'day' else 'at'} {{w}} no sorry {{v}}", w=wrong, v=value
            )
        return scene.pieces(
            choose(f"tail_{role}", rng=scene.rng, held=scene.held), **{role: value}
        ) + self.spelled(role)

    def spelled(self, role: str) -> list[tuple[str, bool]]:
        """Now and then a name is spelled after it was said."""
        if role != "name" or self.scene.rng.random() > 0.05:
            return []
        return self.scene.pieces(f"that's {' '.join(self.want['name'].split()[-1])}")

    def wish(self, with_thing: bool) -> list[tuple[str, bool]]:
        """The words that say what is wanted."""
        scene = self.scene
        bank = "book_vague" if scene.vertical != "helpdesk" else "vague_helpdesk"
        if with_thing:
            bank = f"book_{scene.vertical}" if scene.vertical in OWN_BANKS else "book"
        return scene.pieces(choose(bank, rng=scene.rng, held=scene.held), thing=self.want["thing"])

    def take(self, roles: list[str]) -> None:
        """The agent has heard these roles."""
        for role in roles:
            self.heard[role] = self.want[role]

    def give(self, role: str) -> None:
        """The caller answers a question, sometimes with more than was asked."""
        scene, rng = self.scene, self.scene.rng
        pieces = scene.pieces(
            choose(f"give_{role}", rng=rng, held=scene.held), **{role: self.want[role]}
        )
        pieces += self.spelled(role)
        given = [role]
        if role == "thing" and scene.vertical == "helpdesk":
            pieces = scene.pieces(
                choose("book_helpdesk", rng=rng, held=scene.held), thing=self.want["thing"]
            )
        for other in self.roles:
            if other not in self.heard and other not in (role, "thing") and rng.random() < 0.2:
                pieces += self.tail(other)
                given.append(other)
        if "address" in [r for _, r in self.box.optional] and role == "name" and rng.random() < 0.1:
            self.want["address"] = self.extra["address"] = self.draw("address")
            pieces += self.tail("address")
        self.take(given)
        scene.stt_pieces(pieces)

    def fill(self, *, wander: float) -> None:
        """Question by question until all is known, with detours."""
        rng = self.scene.rng
        while (role := self.missing) is not None:
            roll = rng.random()
            if roll < wander * 0.55:
                then = " " + self.question()
                rng.choice((enquiries.ask_fact, enquiries.ask_passage))(self.scene, then=then)
                continue
            if roll < wander * 0.75:
                self.scene.hear("gibberish")
                self.scene.say(enquiries.UNCLEAR, act="unclear")
            elif roll < wander and len(self.heard) > 0:
                self.change()
                continue
            self.give(role)
            self.ask()

    def change(self) -> None:
        """The caller takes back something that was given; the agent goes on with the new value."""
        changeable = [role for role in ("day", "time", "name") if role in self.heard]
        if not changeable:
            self.give(self.missing or "name")
            return self.ask()
        role = self.scene.rng.choice(changeable)
        value = self.draw(role)
        self.want[role] = self.heard[role] = value
        self.scene.hear("change", v=value)
        self.ask()
        return None

    def settle(self, *, wander: float) -> bool:
        """From the confirmation to the result;
        False when the caller dropped it or was handed over.
        """
        scene, rng = self.scene, self.scene.rng
        while rng.random() < wander:
            if rng.random() < 0.7:
                self.change()
            else:
                enquiries.ask_fact(scene, then=" " + self.question())
        if rng.random() < wander * 0.3:
            self.drop()
            return False
        scene.hear("yes")
        return self.commit(wander=wander)

    def drop(self) -> None:
        """The caller takes the wish back."""
        self.scene.hear("cancel")
        self.scene.say("no problem. is there anything else i can help with?", act="chat")

    def commit(self, *, wander: float) -> bool:
        """The tool call and what comes of it."""
        scene, rng, lex = self.scene, self.scene.rng, self.scene.lex
        scene.call(self.box.booking.name, self.arguments(), act="book")
        roll = rng.random()
        if roll < wander * 0.45 and "day" in self.heard:
            return self.refused()
        if roll < wander * 0.75:
            return self.asked_back()
        if roll < wander:
            scene.result(status="error")
            scene.say("i am sorry, that did not go through. shall i try again?", act="result")
            scene.hear("yes")
            scene.call(self.box.booking.name, self.arguments(), act="book")
            if rng.random() < 0.5:
                scene.result(status="error")
                enquiries.transfer(scene, reason="could not help")
                return False
        reference = lex.reference()
        ticket = scene.vertical == "helpdesk"
        scene.result(status="opened" if ticket else "booked", reference=reference)
        done = (
            "your ticket is open"
            if ticket
            else f"you are booked for {self.heard['day']} at {self.heard['time']}"
        )
        scene.say(
            f"{done}. your reference is {reference}. anything else?", act="booked", fact=reference
        )
        return True

    def asked_back(self) -> bool:
        """The tool could not read a value and asks: the caller says it anew."""
        scene, rng = self.scene, self.scene.rng
        role = rng.choice([role for role in self.roles if role != "number"])
        questions = {
            "thing": "what should we come for?|what is it for?|which one do you mean?",
            "day": "which day do you mean?|what day was that?",
            "time": "at what time?|is that in the morning or in the afternoon?|which time do you mean?",
            "name": "what name is it under?|could you say the name again?",
            "address": "what is the address?",
        }
        ask = (
            rng.choice(questions[role].split("|"))
            if rng.random() < 0.7
            else f"{scene.lex.plain(2, 5)}?"
        )
        scene.result(status="error", ask=ask)
        scene.say(f"sorry, {ask}", act="result", fact=ask)
        value = self.draw(role)
        self.want[role] = self.heard[role] = value
        scene.hear(f"give_{role}", **{role: value, "a": ""})
        self.ask()
        scene.hear("yes")
        return self.commit(wander=0.0)

    def refused(self) -> bool:
        """The time is taken: the caller picks another."""
        scene, rng = self.scene, self.scene.rng
        if rng.random() < 0.75:
            free = scene.lex.free_times()
            scene.result(status="unavailable", free=free)
            scene.say(
                f"i am sorry, {self.heard['day']} at {self.heard['time']} is not free. we have {free}. "
                "which would you like?",
                act="result",
                fact=free,
            )
            role, value = "time", rng.choice(free.split(", "))
        else:
            scene.result(status="unavailable", free="")
            scene.say(
                f"i am sorry, {self.heard['day']} is full. what other day would suit you?",
                act="result",
            )
            role, value = "day", self.draw("day")
        self.want[role] = self.heard[role] = value
        scene.hear(f"give_{role}", **{role: value})
        self.ask()
        scene.hear("yes")
        return self.commit(wander=0.0)


def book(scene: Scene, *, wander: float) -> bool:
    """A whole booking; True when it was made."""
    booking, rng = Booking(scene), scene.rng
    lookup = scene.box.lookup
    if lookup is not None and lookup.required == ("day",) and rng.random() < 0.3:
        _availability(booking)
    else:
        chosen = [role for role in booking.roles if rng.random() < rng.choice((0.15, 0.5, 0.9))]
        if rng.random() < 0.3:
            chosen = list(booking.roles)
        booking.open(chosen)
    booking.ask()
    booking.fill(wander=wander)
    return booking.settle(wander=wander)


def rehearse(scene: Scene) -> None:
    """A booking that is read back, perhaps changed and read back again, and dropped."""
    booking, rng = Booking(scene), scene.rng
    booking.open([role for role in booking.roles if rng.random() < 0.8])
    booking.ask()
    booking.fill(wander=0.0)
    while rng.random() < 0.4:
        booking.change()
    booking.drop()


def _availability(booking: Booking) -> None:
    scene, rng = booking.scene, booking.scene.rng
    lookup = scene.box.lookup
    assert lookup is not None
    if rng.random() < 0.7:
        scene.hear("times_on", day=booking.want["day"])
    else:
        scene.hear("times")
        scene.say(ASK["day"], act="ask")
        scene.hear("give_day", day=booking.want["day"])
    if rng.random() < 0.12:
        scene.call(lookup.name, [(lookup.required[0], booking.want["day"])], act="lookup")
        scene.result(status="ok", free="")
        scene.say(
            f"i am sorry, {booking.want['day']} is full. what other day would suit you?",
            act="result",
        )
        booking.want["day"] = booking.draw("day")
        scene.hear("give_day", day=booking.want["day"])
    scene.call(lookup.name, [(lookup.required[0], booking.want["day"])], act="lookup")
    free = scene.lex.free_times()
    scene.result(status="ok", free=free)
    scene.say(
        f"for {booking.want['day']} we have {free}. which would you like?", act="result", fact=free
    )
    booking.want["time"] = rng.choice(free.split(", "))
    booking.take(["day", "time"])
    scene.hear("give_time", time=booking.want["time"])
