"""What natural sentences are booked as: `python -m tests.bench.sentences`, with frontdesk on vLLM.

Sixty callers of a plumber and a clinic, in words that frontdesk was not trained on, each answered
as calls are: the product's prompt, its tools, the check of what was said, the platform's read-back.
A caller answers what he is asked, and says yes to what is read back. Sensible is the right booking,
or none where none was wanted; booked wrongly is a day, time or name that he did not say. 1 when one
was, or when under 75 % are sensible.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests import services  # first: it names the services before Django reads its settings

# isort: split
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "warmline.settings"
import django

django.setup()

from programs.frontdesk.client import ModelClient
from programs.frontdesk.vllm_server import running_server
from verticals.booking.saying import asked, read_back
from verticals.grounding.check import Unsaid, grounded
from verticals.grounding.conversation import evidence
from verticals.healthcare.tools import VERTICAL as CLINIC
from verticals.homeservices.tools import VERTICAL as PLUMBER
from verticals.spoken.days import DayDoubt, date_words, read_day
from verticals.spoken.names import name_case
from verticals.spoken.times import TimeDoubt, read_time, time_words
from verticals.types import ToolAnswer
from warmline.kernel import env
from warmline.kernel.conversation import Message, ToolCall, tool_answered, tool_asked
from warmline.kernel.prompt import Profile, render_prompt
from warmline.kernel.tool_arguments import argument_text, arguments_of
from warmline.kernel.vertical import Tool, Vertical

WEIGHTS = env.REPOSITORY / "inference" / "weights" / "frontdesk"
TODAY = date(2026, 11, 23)  # a Monday
HOURS = (time(8), time(18))
MOST_TURNS = 14
LEAST_SENSIBLE = 0.75
VERTICALS = {"plumber": PLUMBER, "clinic": CLINIC}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller begins with, and what he says when he is asked; no `day` wants no booking."""

    at: str
    opening: str
    what: str = ""
    day: str = ""
    time: str = ""
    name: str = ""
    address: str = "42 Mill Street."


def _wishes() -> list[Wish]:
    """Sixty, half of them a plumber's."""
    plumber = [
        ("My kitchen sink is blocked, can someone come out?", "A blocked sink.", "Tuesday."),
        ("Hi there, water's coming through the ceiling in the bathroom.", "A leak.", "Tomorrow."),
        ("I'd like somebody to look at my boiler on Thursday, please.", "The boiler.", "Thursday."),
        ("Could you send a plumber Wednesday at nine?", "A dripping tap.", "Wednesday."),
        ("We need a new water heater put in some time next week.", "Heater.", "Next Monday."),
        ("Good morning, the toilet won't stop running.", "The toilet.", "Friday."),
        ("I was hoping for a drain cleaning on Friday afternoon.", "Drain cleaning.", "Friday."),
        ("Yeah, hi, it's about a tap that drips all night.", "A dripping tap.", "Tuesday."),
        ("Is there any chance of a visit tomorrow? My shower is cold.", "A shower.", "Tomorrow."),
        ("This is Mark Oliver, I need a pipe fixed on Thursday.", "A pipe.", "Thursday."),
    ]
    clinic = [
        ("I'd like to see the doctor about my knee.", "My knee.", "Wednesday."),
        ("Hello, can I come in on Tuesday for a flu shot?", "A flu shot.", "Tuesday."),
        ("My daughter has had a fever since yesterday.", "A fever.", "Tomorrow."),
        ("I need my blood pressure checked, Friday would be best.", "Blood pressure.", "Friday."),
        ("Could I get a check-up on Thursday at ten?", "A check-up.", "Thursday."),
        ("I've got this awful cough that won't go away.", "A cough.", "Next Monday."),
        ("It's about a repeat of my prescription.", "A prescription.", "Tuesday."),
        ("Do you have anything tomorrow morning? My back is killing me.", "My back.", "Tomorrow."),
        ("I'm calling to book a vaccination for Wednesday.", "A vaccination.", "Wednesday."),
        ("Hi, I'd like an appointment for a rash on my arm.", "A rash.", "Friday."),
    ]
    times = ["At ten.", "Half past two.", "Eleven thirty.", "Nine o'clock.", "Three p.m."]
    names = ["Peter Novak.", "It's Laura Simmons.", "Ahmed Khan.", "Grace O'Brien."]
    wishes = []
    for at, rows in (("plumber", plumber), ("clinic", clinic)):
        for number, (opening, what, day) in enumerate(rows):
            name = "Mark Oliver." if "Mark Oliver" in opening else names[number % 4]
            time_said = times[number % 5]
            time_said = "Nine." if opening.endswith("at nine?") else time_said
            time_said = "At ten." if opening.endswith("at ten?") else time_said
            wishes.append(Wish(at, opening, what, day, time_said, name))
            named = name.removeprefix("It's ")
            wishes.append(
                Wish(
                    at,
                    f"{opening} My name is {named}",
                    what,
                    day,
                    times[(number + 2) % 5] if " at " not in opening else time_said,
                    name,
                )
            )
    other = [
        "Are you open on Saturday?",
        "How much is it to have somebody come out?",
        "Where exactly are you?",
        "I just wanted to say thank you for yesterday.",
        "Sorry, I think I have the wrong number.",
        "Do you take credit cards?",
        "I want to cancel my appointment.",
        "What can you do for me?",
        "Can I speak to a real person, please?",
        "Do you work in Rivertown?",
    ]
    wishes += [Wish(at, opening) for at in ("plumber", "clinic") for opening in other]
    return wishes


@dataclass(slots=True)
class Booked:
    """What was booked in one conversation, and what was said in it."""

    bookings: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def prompt(vertical: Vertical) -> Message:
    """The system message of a company of that kind."""
    profile = Profile(
        business="Rivertown Plumbing" if vertical is PLUMBER else "Lakeside Clinic",
        agent="Anna",
        business_kind=vertical.business_kind,
        facts=vertical.starter.facts,
        today=date_words(TODAY),
    )
    return Message("system", render_prompt(profile))


def run_tool(
    tool: Tool, arguments: dict[str, str], said: list[Message], held: Booked
) -> ToolAnswer:
    """As the runner does, without a database: the check, the day and time, the read-back."""
    lines = evidence([(message.role, message.content) for message in said])
    checked = grounded(tool, arguments, said=lines, today=TODAY, caller_number="")
    if isinstance(checked, Unsaid):
        return asked(checked.ask, because=checked.because, language="en")
    if not tool.writes:
        return ToolAnswer(ok=True, result={"status": "ok", "free": "nine, eleven, half past two"})
    day = read_day(checked["day"], today=TODAY)
    if isinstance(day, DayDoubt):
        return asked(day.question, because=day.value, language="en")
    at = read_time(checked["time"], open_between=HOURS, day_words=checked["day"])
    if isinstance(at, TimeDoubt):
        return asked(at.question, because=at.value, language="en")
    who, when = name_case(checked["name"]), f"{date_words(day)} at {time_words(at)}"
    held.bookings.append({"day": day, "time": at, "name": who})
    say = read_back(
        when=when, who=who, where="", reference="four seven two", was_moved=False, language="en"
    )
    result = {"status": "booked", "reference": "four seven two", "when": when}
    return ToolAnswer(ok=True, result=result, say=say)


def converse(model: ModelClient, wish: Wish) -> Booked:
    """A whole conversation; ends when it is booked, handed over, or nothing more is asked."""
    vertical, held = VERTICALS[wish.at], Booked()
    messages = [prompt(vertical), Message("assistant", "Hello, how can I help?")]
    words = wish.opening
    for _ in range(MOST_TURNS):
        messages.append(Message("user", words))
        held.lines.append(f"  caller: {words}")
        agent = _agent_turn(model, vertical, messages, held)
        held.lines.append(f"  agent: {agent}")
        if held.bookings or "?" not in agent or not wish.day:
            break
        words = _answer(wish, agent.casefold())
    return held


def _agent_turn(
    model: ModelClient, vertical: Vertical, messages: list[Message], held: Booked
) -> str:
    tools = {tool.name: tool for tool in vertical.tools}
    for number in range(4):
        content, call = _ask(model, messages, vertical, id_=f"t{number}")
        if call is None:
            messages.append(Message("assistant", content))
            return content
        if call.name not in tools or call.name == "transfer_to_person":
            return "(puts the call through)"
        fields = arguments_of(call.arguments) or {}
        arguments = {name: argument_text(value) or "" for name, value in fields.items()}
        answer = run_tool(tools[call.name], arguments, messages, held)
        held.lines.append(f"    {call.name} {call.arguments} -> {answer.result}")
        messages += [
            tool_asked([call], content),
            tool_answered(call, json.dumps(answer.result)),
        ]
        if answer.say:
            messages.append(Message("assistant", answer.say))
            return answer.say
    return ""


def _ask(
    model: ModelClient, messages: list[Message], vertical: Vertical, *, id_: str
) -> tuple[str, ToolCall | None]:
    body: dict[str, object] = {
        "model": model.name,
        "messages": [_plain(message) for message in messages],
        "tools": [tool.as_openai() for tool in vertical.tools],
        "temperature": 0,
        "max_tokens": 96,
    }
    with model.open("/v1/chat/completions", body) as answer:
        message = json.load(answer)["choices"][0]["message"]
    content = (message["content"] or "").strip()
    if not message.get("tool_calls"):
        return content, None
    function = message["tool_calls"][0]["function"]
    return content, ToolCall(id_, function["name"], function["arguments"])


def _plain(message: Message) -> dict[str, Any]:
    fields = {"role": message.role, "content": message.content}
    if message.tool_calls:
        fields["tool_calls"] = list(message.tool_calls)  # type: ignore[assignment]
    if message.tool_call_id:
        fields["tool_call_id"] = message.tool_call_id
    return fields


def _answer(wish: Wish, question: str) -> str:
    """What the caller says to a question."""
    if any(word in question for word in ("shall i", "book it", "is that right", "correct")):
        return "Yes, please."
    for words, answer in (
        (("name",), wish.name),
        (("morning or", "afternoon"), "In the afternoon." if "two" in wish.time else "Morning."),
        (("day", "when"), wish.day),
        (("time",), wish.time),
        (("address", "where"), wish.address),
    ):
        if any(word in question for word in words):
            return answer
    return wish.what


def is_right(wish: Wish, booking: dict[str, Any]) -> bool:
    """Whether a booking is what the caller said."""
    day = read_day(wish.day, today=TODAY)
    at = read_time(wish.time, open_between=HOURS)
    name = name_case(wish.name.removeprefix("It's ").rstrip("."))
    said = (booking["day"], booking["time"], booking["name"].casefold())
    return bool(wish.day) and said == (day, at, name.casefold())


def main() -> int:
    """Talk sixty times and tell; each that went wrong is printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show-all", action="store_true", help="print every conversation")
    options = parser.parse_args()
    wishes, sensible, wrong = _wishes(), 0, 0
    console = Console(width=110)
    with (
        tempfile.TemporaryDirectory(prefix="wl-") as folder,
        running_server(
            WEIGHTS, log=Path(folder) / "vllm.log", python=str(services.engine_python)
        ) as url,
    ):
        model = ModelClient(url)
        for number, wish in enumerate(wishes, 1):
            held = converse(model, wish)
            bad = [booking for booking in held.bookings if not is_right(wish, booking)]
            is_sensible = not bad and bool(held.bookings) == bool(wish.day)
            wrong, sensible = wrong + bool(bad), sensible + is_sensible
            if options.show_all or not is_sensible:
                console.print(f"{number}. {'BOOKED WRONGLY' if bad else 'not sensible'} {wish}")
                console.print("\n".join(held.lines), markup=False)
    table = Table("sentences", "sensible", "booked wrongly", title="natural sentences")
    table.add_row(str(len(wishes)), f"{sensible / len(wishes):.0%}", str(wrong))
    console.print(table)
    return 0 if wrong == 0 and sensible >= LEAST_SENSIBLE * len(wishes) else 1


if __name__ == "__main__":
    sys.exit(main())
