"""Comments on report cards: whose they are, until when, and one of each."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ReportCardCommentKind, Role
from tests.academics.carding import published
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import comment_on, create_report_card, create_subject, create_user, gid, teach
from tests.mutating import mutate, refused
from tests.reports.worked_school import WorkedSchool, worked_school

KINDS = {"Teacher": ReportCardCommentKind.TEACHER, "Head": ReportCardCommentKind.HEAD}
SHOWN = "reportCardComment { id version kind text subject { name } author { id } }"


async def _draft(session: AsyncSession, made: WorkedSchool) -> Any:
    return await create_report_card(session, made.students["Anita"], made.course, made.semester)


async def test_a_teacher_comments_on_each_subject_once_and_on_all(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    card, teacher = await _draft(session, made), await create_user(session, school)
    await teach(session, made.course, teacher)
    viewer = school.viewer(Role.TEACHER, user_id=teacher.id)
    for subject in (None, "Art", "English"):
        about = {} if subject is None else {"subject": gid(made.subjects[subject])}
        given = {"reportCard": gid(card), "text": " Works hard ", **about}
        async with audited(connections, school):
            payload = await mutate(execute, "createTeacherComment", SHOWN, viewer=viewer, **given)
        found = payload["reportCardComment"]
        assert (payload["errors"], found["kind"], found["text"]) == ([], "TEACHER", "Works hard")
        assert (found["subject"], found["author"]) == (subject and {"name": subject}, {"id": gid(teacher)})
        async with audited(connections, school, nothing=True):
            assert await refused(execute, "createTeacherComment", **given) == [("CONFLICT", ["reportCard"])]


async def test_who_changes_a_comment_becomes_its_author(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    card = await _draft(session, made)
    users = [await create_user(session, school) for _ in range(2)]
    comment = await comment_on(session, card, author_id=users[0].id)
    viewer = school.viewer(Role.REGISTRAR, user_id=users[1].id)
    given = {"id": gid(comment), "version": 1}
    for text, author, version in (("Works hard", users[0], 1), ("Works very hard", users[1], 2)):
        payload = await mutate(execute, "updateTeacherComment", SHOWN, viewer=viewer, **given, text=text)
        found = payload["reportCardComment"]
        assert (found["author"]["id"], found["version"], found["text"]) == (gid(author), version, text)


async def test_a_subject_that_the_course_does_not_teach_is_refused(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    given = {"reportCard": gid(await _draft(session, made)), "subject": gid(await create_subject(session, school))}
    assert await refused(execute, "createTeacherComment", **given, text="Good") == [("BAD_USER_INPUT", ["subject"])]


@pytest.mark.parametrize(("mine", "theirs"), [("Teacher", "Head"), ("Head", "Teacher")])
async def test_neither_kind_changes_the_other(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, mine: str, theirs: str
) -> None:
    made = await worked_school(session, school)
    comment = await comment_on(session, await _draft(session, made), kind=KINDS[theirs])
    given = {"id": gid(comment), "version": 1}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, f"update{mine}Comment", **given, text="Mine") == [("NOT_FOUND", ["id"])]
        assert await refused(execute, f"delete{mine}Comment", **given) == [("NOT_FOUND", ["id"])]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_published_is_not_commented_on(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, kind: str
) -> None:
    made = await worked_school(session, school)
    card = await _draft(session, made)
    comment = await comment_on(session, card, kind=KINDS[kind])
    await published(execute, made, "Anita")
    given, new = {"id": gid(comment), "version": 1}, {"reportCard": gid(card), "text": "Late"}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, f"update{kind}Comment", **given, text="Late") == [("CONFLICT", ["id"])]
        assert await refused(execute, f"delete{kind}Comment", **given) == [("CONFLICT", ["id"])]
        assert await refused(execute, f"create{kind}Comment", **new) == [("CONFLICT", ["reportCard"])]


async def test_a_draft_with_comments_is_not_deleted(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await worked_school(session, school)
    card = await _draft(session, made)
    await comment_on(session, card)
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "deleteReportCard", "__typename", id=gid(card), version=1)
    (error,) = payload["errors"]
    assert (error["code"], error["message"]) == ("CONFLICT", "id: it is still used by 1 report card comment")
