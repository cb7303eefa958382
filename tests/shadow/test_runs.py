"""A shadowed call is scored once, shown side by side, and judged."""

from uuid import UUID, uuid4

import pytest

from shadow.actions import give_verdict, score_call
from shadow.queries import run_page, runs, score_of_call
from shadow.tasks import score_finished
from telephony.calls.queries import ended_calls
from tenants.actions import create_user
from tenants.context import as_control, as_tenant
from tenants.models import WebhookEvent
from tests.shadow.conftest import CONVERSATION, SATURDAY, shadowed_call, signed_in
from verticals.booking.queries import bookings_of_call
from warmline.kernel.call import AgentSentence, CallerTurn
from warmline.kernel.errors import BadInput, NotFound
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def test_an_agent_that_would_have_done_the_same_scores_high(plumber: TenantId) -> None:
    """Price, confirmation, booking and goodbye, each compared; nothing was written for real."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        page = run_page(score_call(call_id))
        assert score_of_call(call_id) == page.run.score
        assert bookings_of_call(call_id) == ()
    assert [turn.number for turn in page.turns] == [1, 2, 3, 4]
    assert page.run.score is not None
    assert page.run.score > 0.9
    booking = page.turns[2]
    assert (booking.agent.text, booking.score.action) == ("", 1.0)
    assert "Both booked with the same details" in booking.score.because


def test_scoring_again_changes_nothing(plumber: TenantId) -> None:
    """The same run."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        assert score_call(call_id) == score_call(call_id)
        assert len(runs()) == 1


def test_a_call_in_which_nobody_was_heard_has_a_run_without_a_score(plumber: TenantId) -> None:
    """It is shown, and not looked for again."""
    call_id = shadowed_call(plumber, (CONVERSATION[0], CONVERSATION[-1]))
    with as_tenant(plumber):
        page = run_page(score_call(call_id))
    assert (page.turns, page.run.score) == ((), None)


def test_the_sweep_sends_each_call_to_its_own_tenant_once(
    plumber: TenantId, empty_valkey: str
) -> None:
    """Found as control, which reads ids and no words."""
    call_id = shadowed_call(plumber)
    with as_control():
        ended = ended_calls(
            audience="screen", since=SATURDAY.replace(hour=0), before=SATURDAY.replace(hour=23)
        )
        assert ended == ((plumber, call_id),)
        score_finished.run()


def test_another_tenant_sees_neither_call_nor_run(plumber: TenantId, clinic: TenantId) -> None:
    """It cannot score, read, judge or list it."""
    call_id = shadowed_call(plumber)
    with as_tenant(plumber):
        run_id = score_call(call_id)
    with as_tenant(clinic):
        assert runs() == ()
        assert score_of_call(call_id) is None
        for attempt in (lambda: score_call(call_id), lambda: run_page(run_id)):
            with pytest.raises(NotFound):
                attempt()
        with pytest.raises(NotFound):
            give_verdict(run_id, reviewer_id=uuid4(), choice="agree")


def scored(tenant_id: TenantId) -> UUID:
    """The run of a new shadowed call."""
    call_id = shadowed_call(tenant_id)
    with as_tenant(tenant_id):
        return score_call(call_id)


def test_a_verdict_is_told_to_the_companys_own_systems(plumber: TenantId) -> None:
    """With the run, the call and what was chosen."""
    run_id = scored(plumber)
    reviewer = create_user("judge@example.com", password="a long password")
    with as_tenant(plumber):
        give_verdict(run_id, reviewer_id=reviewer.pk, choice="agree")
        event = WebhookEvent.objects.get(type="shadow.verdict")
    assert (event.data["run_id"], event.data["verdict"]) == (str(run_id), "agree")


def test_a_reviewer_sees_both_sides_and_judges(plumber: TenantId) -> None:
    """The verdict is on the page, and a second one takes its place."""
    run_id = scored(plumber)
    reviewer = signed_in(plumber, role="reviewer")
    shown = reviewer.get(f"/shadow/{run_id}").content.decode()
    assert "Water heater repair is one hundred and fifty dollars." in shown
    assert "Book visit" in shown
    for choice in ("human_better", "agree"):
        answer = reviewer.post(
            f"/shadow/{run_id}/verdict", {"choice": choice, "note": "said <b>well</b>"}
        )
        assert (answer.status_code, answer["Location"]) == (302, f"/shadow/{run_id}")
    with as_tenant(plumber):
        assert [verdict.choice for verdict in run_page(run_id).verdicts] == ["agree"]
    assert "said &lt;b&gt;well&lt;/b&gt;" in reviewer.get(f"/shadow/{run_id}").content.decode()
    assert "agree" in reviewer.get("/shadow/").content.decode()


MILK = "take the tablets with milk"


def with_an_unjudged_turn(tenant_id: TenantId) -> UUID:
    """The run of a call in which agent and person differ by a word."""
    happenings = (
        CONVERSATION[0],
        CallerTurn(1, "how do i take the tablets", 0.0, 500.0, "caller"),
        AgentSentence(1, 0, "take the tablets with water"),
        CallerTurn(1, MILK, 500.0, 900.0, "human"),
        CONVERSATION[-1],
    )
    call_id = shadowed_call(tenant_id, happenings)
    with as_tenant(tenant_id):
        return score_call(call_id)


def test_what_only_a_person_can_judge_comes_first_until_one_did(plumber: TenantId) -> None:
    """With its reason on the page, and without a score."""
    unjudged, later = with_an_unjudged_turn(plumber), scored(plumber)
    reviewer = signed_in(plumber, role="reviewer")
    with as_tenant(plumber):
        assert [line.id for line in runs()] == [unjudged, later]
        assert (runs()[0].score, runs()[0].unjudged) == (None, 1)
    assert "1 to be judged" in reviewer.get("/shadow/").content.decode()
    shown = reviewer.get(f"/shadow/{unjudged}").content.decode()
    assert "Only a person can judge" in shown
    assert "the agent says “water”, the person “milk”" in shown
    reviewer.post(f"/shadow/{unjudged}/verdict", {"choice": "human_better", "note": ""})
    newest = with_an_unjudged_turn(plumber)
    with as_tenant(plumber):
        assert runs()[0].id == newest


def test_a_viewer_looks_but_does_not_judge(plumber: TenantId) -> None:
    """403, and no form."""
    run_id = scored(plumber)
    viewer = signed_in(plumber, role="viewer")
    assert "Give verdict" not in viewer.get(f"/shadow/{run_id}").content.decode()
    assert viewer.post(f"/shadow/{run_id}/verdict", {"choice": "agree"}).status_code == 403


def test_pages_of_another_tenant_are_not_there(plumber: TenantId, clinic: TenantId) -> None:
    """404 for the run and for judging it; the list is empty."""
    run_id = scored(plumber)
    stranger = signed_in(clinic, role="admin")
    assert stranger.get(f"/shadow/{run_id}").status_code == 404
    assert stranger.post(f"/shadow/{run_id}/verdict", {"choice": "agree"}).status_code == 404
    assert "No call has been shadowed yet" in stranger.get("/shadow/").content.decode()


@pytest.mark.parametrize(("choice", "note"), [("perhaps", ""), ("", ""), ("agree", "x" * 2001)])
def test_a_verdict_that_is_none_is_refused(plumber: TenantId, choice: str, note: str) -> None:
    """With what was expected."""
    run_id = scored(plumber)
    with as_tenant(plumber), pytest.raises(BadInput):
        give_verdict(run_id, reviewer_id=uuid4(), choice=choice, note=note)
