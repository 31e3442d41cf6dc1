"""Comments on the report cards of a class in one call: what becomes of each, who may, and what it costs."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, Outbox, ReportCard, ReportCardCommentKind, Role
from tests.academics.carding import of_class, on_cards, published, read
from tests.academics.marking import create_class, outcomes, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import comment_on, create_report_card, create_student, create_subject, create_user, gid, teach
from tests.mutating import mutate, refused
from tests.reports.worked_school import WorkedSchool, worked_school
from tests.writing.sent import sent

RESULTS = (
    "course { id } created updated unchanged refused results { place outcome student { firstName }"
    " reportCardComment { id version text kind subject { name } author { id } }"
    " errors { code field message currentVersion } }"
)


async def _drafts(session: AsyncSession, made: WorkedSchool, *names: str) -> dict[str, ReportCard]:
    return {name: await create_report_card(session, made.students[name], made.course, made.semester) for name in names}


def _said(made: WorkedSchool, **texts: Any) -> list[dict[str, Any]]:
    """A comment for each student; a pair is a text with the version that was read."""
    found = []
    for name, said in texts.items():
        text, version = said if isinstance(said, tuple) else (said, None)
        found.append({"student": gid(made.students[name]), "text": text, "version": version})
    return found


async def _set(execute: Execute, kind: str = "Teacher", /, **given: Any) -> dict[str, Any]:
    return await mutate(execute, f"set{kind}Comments", RESULTS, **given)


async def test_a_teacher_comments_on_a_class_about_a_subject_and_about_all(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    cards, teacher = await _drafts(session, made, "Anita", "Binod"), await create_user(session, school)
    await teach(session, made.course, teacher)
    viewer = school.viewer(Role.TEACHER, user_id=teacher.id)
    head = await comment_on(session, cards["Anita"], "Well done", kind=ReportCardCommentKind.HEAD)
    for subject in (None, "Art"):
        about = {} if subject is None else {"subject": gid(made.subjects[subject])}
        given = of_class(made, **about, comments=_said(made, Anita=" Works hard ", Binod="Reads well"))
        async with audited(connections, school):
            payload = await _set(execute, viewer=viewer, **given)
        assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 2)
        shown = [each["reportCardComment"] for each in payload["results"]]
        assert [each["text"] for each in shown] == ["Works hard", "Reads well"]
        told = [(each["kind"], each["subject"], each["author"]) for each in shown]
        assert told == [("TEACHER", subject and {"name": subject}, {"id": gid(teacher)})] * 2
        async with audited(connections, school, nothing=True):
            again = await _set(execute, **given)
        assert (outcomes(again), [each["reportCardComment"] for each in again["results"]]) == (["UNCHANGED"] * 2, shown)
    found = (await read(execute, made))["Anita"]["comments"]
    assert [each["text"] for each in found] == ["Works hard", "Works hard", "Well done"]
    assert found[-1]["id"] == gid(head)


async def test_what_stands_is_replaced_where_it_was_read(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """The head's do not touch the teachers'; what the activity log and others hear of has no text."""
    made = await worked_school(session, school)
    cards, writer = await _drafts(session, made, "Anita", "Binod", "Chitra"), await create_user(session, school)
    viewer = school.viewer(Role.ADMIN, user_id=writer.id)
    teachers = await comment_on(session, cards["Anita"], "Of a teacher")
    heads = await comment_on(session, cards["Anita"], "Of the head", kind=ReportCardCommentKind.HEAD)
    comments = _said(made, Anita=("Well done", 2), Binod=("Good", 1), Chitra="Fine")
    async with audited(connections, school, nothing=True):
        payload = await _set(execute, "Head", **of_class(made, comments=comments))
    assert refusals(payload["errors"]) == [
        ("CONFLICT", "comments.0.version", _stale("0", "somebody else has changed the record: read it again")),
        ("CONFLICT", "comments.1.version", _stale("1", "there is no record any more: read it again")),
    ]
    async with audited(connections, school):
        valid = await _set(execute, "Head", viewer=viewer, **of_class(made, comments=comments, mode="VALID_ROWS"))
    assert outcomes(valid) == ["REFUSED", "REFUSED", "CREATED"]
    async with audited(connections, school):
        given = of_class(made, comments=_said(made, Anita=("Well done", 1)))
        done = await _set(execute, "Head", viewer=viewer, **given)
    shown = {"id": gid(heads), "version": 2, "text": "Well done", "kind": "HEAD", "subject": None}
    assert done["results"][0]["reportCardComment"] == shown | {"author": {"id": gid(writer)}}
    found = (await read(execute, made))["Anita"]["comments"]
    assert [each["id"] for each in found] == [gid(teachers), gid(heads)]
    entries = await session.scalars(select(ActivityEntry).where(ActivityEntry.action == "report_card_comment.set"))
    *_, event = await session.scalars(select(Outbox).order_by(Outbox.id))
    about = {"course": made.course.id, "semester": made.semester.id, "kind": "HEAD", "subject": None}
    counts = {"created": 0, "updated": 1, "unchanged": 0, "refused": 0}
    assert list(entries)[-1].details == {**about, **counts}
    assert (event.topic, event.key) == ("course", str(made.course.id))
    assert event.payload == {"action": "set_comments", **about, **counts}


def _stale(place: str, said: str) -> str:
    return f"comments.{place}.version: {said}"


async def test_each_row_that_cannot_be_is_told(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await _drafts(session, made, "Anita", "Binod", "Chitra")
    await published(execute, made, "Anita", "Chitra")
    await on_cards(execute, "reopenReportCards", **of_class(made, "Chitra", reason="A mark was mistyped"))
    stranger = await create_student(session, school)
    rows = _said(made, Anita="Late", Binod="  ", Chitra="x" * 2001, Farid="None yet")
    rows += [{"student": gid(stranger), "text": "Who?"}, {"student": "stu_999999999", "text": "Who?"}, rows[1]]
    async with audited(connections, school, nothing=True):
        payload = await _set(execute, **of_class(made, comments=rows))
    said = repr("x" * 40)[:-1] + "…'"
    no_card = "student: has no report card in the course and semester: prepare it first"
    assert refusals(payload["errors"]) == [
        ("CONFLICT", "comments.0.student", "comments.0.student: the report card is PUBLISHED: reopen it first"),
        ("BAD_USER_INPUT", "comments.1.text", "comments.1.text: is empty"),
        ("BAD_USER_INPUT", "comments.2.text", f"comments.2.text: {said} has 2001 characters, at most 2000 are allowed"),
        ("BAD_USER_INPUT", "comments.3.student", f"comments.3.{no_card}"),
        ("BAD_USER_INPUT", "comments.4.student", f"comments.4.{no_card}"),
        ("NOT_FOUND", "comments.5.student", "comments.5.student: there is no Student with this id"),
        ("BAD_USER_INPUT", "comments.6.student", "comments.6.student: is the same as in comments.1"),
    ]
    subject = {"subject": gid(await create_subject(session, school))}
    given = of_class(made, comments=_said(made, Binod="Good"), **subject)
    assert await refused(execute, "setTeacherComments", **given) == [("BAD_USER_INPUT", ["subject"])]


async def test_a_teacher_of_another_course_comments_on_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await _drafts(session, made, "Anita")
    other = await create_class(session, school, 1, made.year)
    given = of_class(made, comments=_said(made, Anita="Mine"))
    async with audited(connections, school, nothing=True):
        payload = await _set(execute, viewer=other.viewer(school), **given)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("NOT_FOUND", ["course"])]


async def test_a_dry_run_shows_what_would_be_said(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    await _drafts(session, made, "Anita")
    async with audited(connections, school, nothing=True):
        payload = await _set(execute, **of_class(made, comments=_said(made, Anita="Good"), dryRun=True))
    assert (payload["created"], payload["results"][0]["reportCardComment"]["text"]) == (1, "Good")


async def test_the_number_of_comments_costs_no_statement(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """New ones, and half of them changed and half new; the same key says them once."""
    costs: list[list[int]] = []
    year = None
    for size in (2, 40):
        group = await create_class(session, school, size, year)
        year, seen = group.year, []
        of = {"course": gid(group.course), "semester": gid(group.semester)}
        await on_cards(execute, "prepareReportCards", **of)
        for part, text in ((group.students[::2], "Good"), (group.students, "Very good")):
            given = {**of, "comments": [{"student": gid(each), "text": text} for each in part]}
            given["idempotencyKey"] = f"{size}-{text}"
            async with sent(connections) as statements:
                payload = await mutate(execute, "setHeadComments", "created updated", **given)
            assert (payload["errors"], payload["created"]) == ([], size // 2)
            assert await mutate(execute, "setHeadComments", "created updated", **given) == payload
            seen.append(len(statements))
        costs.append(seen)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10, costs
