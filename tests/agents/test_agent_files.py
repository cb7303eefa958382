"""Agents as files: what a file says an agent is, and what no file may be."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.actions import go_live
from agents.agent_file.actions import apply_draft, apply_live, preview_draft, preview_live
from agents.agent_file.queries import exported as exported_file
from agents.agent_file.reading import BadAgentFile, parse_agent_file
from agents.agent_file.types import agent_file, file_schema
from agents.agent_file.writing import written
from agents.editing import actions, queries
from agents.editing.wording import FIELD_NAME, LIMITS
from agents.errors import BadWording
from agents.types import Wording
from rag.collection_actions import create_collection, remove_collection
from tenants.context import as_tenant
from tests.agents.conftest import Calling
from warmline.kernel.agent import Limits, Voice
from warmline.kernel.env import REPOSITORY
from warmline.kernel.vertical import ExtractionField

LINE = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\x85"),
    min_size=1,
    max_size=20,
).map(lambda text: f"x{text}x")
WORDINGS = st.builds(
    Wording,
    greeting=LINE,
    name=LINE,
    role=LINE,
    instructions=st.lists(LINE, max_size=3).map("\n".join),
    facts=st.lists(st.tuples(LINE, LINE), max_size=3).map(tuple),
    tools=st.just(("check_status",)),
    vocabulary=st.lists(LINE, max_size=3).map(tuple),
    voice=st.builds(Voice, name=LINE, speed=st.floats(0.5, 2.0)),
    language=st.sampled_from(["en", "es-MX", "de"]),
    limits=st.builds(Limits, **{name: st.integers(*bounds) for name, bounds in LIMITS.items()}),
    announces_recording=st.booleans(),
    on_failure=st.sampled_from(["person", "message", "goodbye"]),
    extraction=st.lists(
        st.builds(
            ExtractionField,
            st.from_regex(FIELD_NAME, fullmatch=True),
            LINE,
            st.sampled_from(["text", "yes_no"]),
        ),
        max_size=3,
    ).map(tuple),
)
FILE = b"""\
agent: Anna
greeting: Thanks for calling Rivertown, this is Anna.
facts:
  - label: hours
    value: eight to six
  - {label: opens, value: 8:30}
language: en
voice:
  name: en-us
  speed: 1.2
vocabulary: [no, on, drain cleaning]
"""


@given(name=LINE, wording=WORDINGS)
def test_what_is_written_reads_as_the_same_agent(name: str, wording: Wording) -> None:
    """Whatever characters are in it."""
    file = parse_agent_file(written(agent_file(name, wording, collections=())).encode())
    assert (file.agent, file.wording(collections=())) == (name, wording)


def test_words_that_look_like_something_else_stay_words() -> None:
    """`no` is a word and 8:30 a time, not a number of minutes."""
    wording = parse_agent_file(FILE).wording(collections=())
    assert wording.facts == (("hours", "eight to six"), ("opens", "8:30"))
    assert wording.vocabulary == ("no", "on", "drain cleaning")
    assert wording.voice == Voice("en-us", 1.2)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ((b"language: en", b"langauge: en"), "line 7: unknown field `langauge`"),
        ((b"  speed: 1.2", b"  sped: 1.2"), "line 10 in voice: unknown field `sped`"),
        ((b"speed: 1.2", b"speed: fast"), "line 10 in voice.speed: expected `float`"),
        ((b"speed: 1.2", b"speed: 9"), "line 10 in voice.speed: expected `float` <= 2.0"),
        ((b"    value: eight to six\n", b""), "line 4 in facts[0]: object missing required"),
        ((b"greeting:", b"#"), "line 1: object missing required field `greeting`"),
        ((b"language: en", b"agent: Emma"), "line 7: 'agent' stands twice"),
        ((b"eight to six", b"&hours eight"), "line 5: expected no anchors"),
        ((b"eight to six", b"*hours"), "line 5: expected no anchors"),
        ((b"eight to six", b"!!python/name:os.system x"), "line 5: expected no tags"),
        ((b"language: en", b"---\nagent: Emma"), "line 7: expected one document"),
        ((b"language: en", b"language: [en"), "line 8: "),
        ((b"language: en", b"language: \x00"), "line 7: expected no control characters"),
        ((b"language: en", b"language: \xff"), "expected UTF-8; byte"),
        ((b"language: en", b"tools: " + b"[" * 9000), "expected at most 6 levels"),
        ((b"language: en", b"tools: {a: b}"), "line 7 in tools: expected `array`"),
        ((b"language: en", b"language: en\n? [x]\n: y"), "expected a field's name"),
        ((b"language: en", b"on_failure: panic"), "line 7 in on_failure: invalid enum value"),
        (
            (b"language: en", b"extraction: [{name: Caller Name, description: a name}]"),
            "line 7 in extraction[0].name: expected `str` matching regex '^[a-z]",
        ),
        (
            (b"language: en", b"extraction: [{name: urgent, description: x, type: bool}]"),
            "line 7 in extraction[0].type: invalid enum value 'bool'",
        ),
        (
            (b"language: en", b"extraction: [{name: urgent}]"),
            "line 7 in extraction[0]: object missing required field `description`",
        ),
        ((b"language: en", b"extraction: urgent"), "line 7 in extraction: expected `array`"),
        ((FILE, b""), "line 1: expected fields of an agent"),
        ((FILE, b"- agent: Anna"), "line 1: expected fields of an agent"),
        ((FILE, FILE + b"#" * 300_000), "expected at most 256 kB"),
    ],
)
def test_a_file_that_is_wrong_names_the_line(change: tuple[bytes, bytes], refusal: str) -> None:
    """And what was expected there."""
    with pytest.raises(BadAgentFile) as refused:
        parse_agent_file(FILE.replace(*change))
    assert refusal in str(refused.value)


def test_the_schema_in_the_documents_is_that_of_the_code() -> None:
    """Editors check a file by it while it is written."""
    published = REPOSITORY / "platform/agents/agent_file/agent.schema.json"
    assert msgspec.json.decode(published.read_bytes()) == msgspec.json.decode(
        msgspec.json.encode(file_schema())
    )


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing(plumber: Calling) -> None:
    """As a draft and live, with the tools in another order too."""
    file = parse_agent_file(FILE)
    with as_tenant(plumber.tenant_id):
        first, again = apply_draft(file), apply_draft(file)
        assert (first.new, again.new) == (False, False)
        assert first.changes
        assert again.changes == ()
        assert queries.draft(plumber.agent_id).revision == 1
        live, same = apply_live(file, note="from git"), apply_live(file)
        assert live.version == same.version == 2
        assert live.changes
        assert same.changes == ()
        assert queries.draft(plumber.agent_id).revision == 0
        assert preview_live(file).changes == preview_draft(file).changes == ()


@pytest.mark.django_db
def test_a_file_of_an_unknown_agent_makes_it(plumber: Calling) -> None:
    """A look before says so, and writes nothing."""
    file = msgspec.structs.replace(parse_agent_file(FILE), agent="Ben", name="Ben")
    with as_tenant(plumber.tenant_id):
        preview = preview_live(file)
        assert (preview.new, preview.agent_id) == (True, None)
        assert {agent.name for agent in queries.agents()} == {"Anna"}
        applied = apply_live(file)
        assert {agent.name for agent in queries.agents()} == {"Anna", "Ben"}
        assert queries.wording_at(str(applied.agent_id), "live") == file.wording(collections=())


@pytest.mark.django_db
def test_what_is_exported_applies_as_no_change(plumber: Calling) -> None:
    """Export, apply, export: the same bytes."""
    wording = Wording(greeting="Hello, this is Anna.", name="Anna", tools=("check_status",))
    with as_tenant(plumber.tenant_id):
        go_live(plumber.agent_id, wording=wording)
        exported = written(exported_file("Anna"))
        assert apply_live(parse_agent_file(exported.encode())).changes == ()
        assert written(exported_file("Anna")) == exported


@pytest.mark.django_db
def test_a_draft_of_somebody_is_kept_when_another_file_goes_live(plumber: Calling) -> None:
    """Nothing of theirs is lost."""
    file = parse_agent_file(FILE)
    with as_tenant(plumber.tenant_id):
        mine = replace(queries.draft(plumber.agent_id).wording, greeting="Hello from a draft.")
        actions.save_draft(plumber.agent_id, wording=mine)
        apply_live(file)
        assert queries.draft(plumber.agent_id).wording.greeting == "Hello from a draft."


@pytest.mark.django_db
def test_a_file_of_one_company_applies_in_another(plumber: Calling, clinic: Calling) -> None:
    """Knowledge goes by its name: each company's own collection, in whatever case it is written."""
    with as_tenant(plumber.tenant_id):
        prices = create_collection("Prices")
        wording = Wording(greeting="Hello, this is Anna.", collections=(str(prices),))
        go_live(plumber.agent_id, wording=wording)
        text = written(exported_file("Anna"))
    assert "- Prices" in text
    assert str(prices) not in text
    with as_tenant(clinic.tenant_id):
        theirs = create_collection("PRICES")
        apply_live(parse_agent_file(text.encode()))
        assert queries.wording_at(clinic.agent_id, "live").collections == (str(theirs),)
        (added,) = preview_live(
            parse_agent_file(text.replace("- Prices", "- prices\n- Prices").encode())
        ).changes or (None,)
        assert added is None


@pytest.mark.django_db
def test_a_collection_that_is_not_there_is_refused_by_name(plumber: Calling) -> None:
    """An id is none either; nothing is written, and what there is is told."""
    with as_tenant(plumber.tenant_id):
        prices = create_collection("Prices")
        for wrong in ("Staff handbook", str(prices)):
            file = msgspec.structs.replace(
                parse_agent_file(FILE), agent="Ben", collections=("Prices", wrong)
            )
            with pytest.raises(BadWording) as refused:
                apply_live(file)
            assert f"collections[1]: this company has no collection called {wrong!r}" in str(
                refused.value
            )
            assert "(Prices)" in str(refused.value)
        assert {agent.name for agent in queries.agents()} == {"Anna"}


@pytest.mark.django_db
def test_a_collection_that_is_gone_does_not_become_all_of_them(plumber: Calling) -> None:
    """Exported, it stays what it was, and cannot be applied."""
    with as_tenant(plumber.tenant_id):
        prices = create_collection("Prices")
        actions.save_draft(
            plumber.agent_id, wording=Wording(greeting="Hello.", collections=(str(prices),))
        )
        remove_collection(prices)
        text = written(exported_file("Anna", which="draft"))
        assert str(prices) in text
        with pytest.raises(BadWording):
            apply_draft(parse_agent_file(text.encode()))
