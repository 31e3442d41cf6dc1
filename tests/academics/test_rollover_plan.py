"""Plans for the next school year: what they propose for whom, and why, and how they are read."""

import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests.academics.rollover_school import create_years, decide, plan
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    admit,
    create_course,
    create_grading_scale,
    create_semester,
    enroll,
    gid,
    grade,
    teach_subject,
)
from tests.mutating import mutate, refused

PLANNING = text("SELECT current_setting('plan_cache_mode')")
# Decision, reason, grade level and class to go to, why the student leaves, the average, and the words.
EXPECTED = {
    "Asha": (
        *("PROMOTE", "PASSED", "II", "IIA", None, "7.25"),
        "The average of the year, 7.25, is not below the pass mark, 5",
    ),
    "Bala": (
        *("RETAIN", "BELOW_PASS_MARK", "I", "IA", None, "4.97"),
        "The average of the year, 4.97, is below the pass mark, 5",
    ),
    "Chitra": ("PROMOTE", "NOT_MARKED", "II", "IIA", None, None, "No average of the year speaks against it"),
    "Dev": (
        *("PROMOTE", "PASSED", "II", None, None, "5"),
        "The average of the year, 5, is not below the pass mark, 5; Class II has no class in section B yet",
    ),
    "Esha": ("LEAVE", "LAST_LEVEL", None, None, "GRADUATED", "8", "Students leave the school after Class III"),
    "Farid": (
        *("RETAIN", "BELOW_PASS_MARK", "III", "IIIA", None, "3"),
        "The average of the year, 3, is below the pass mark, 5",
    ),
    "Gita": ("UNDECIDED", "NO_NEXT_LEVEL", None, None, None, "9", "No grade level follows Class X"),
    "Hari": ("UNDECIDED", "NO_GRADE_LEVEL", None, None, None, None, "The school enrolment has no grade level"),
    "Indu": (
        *("UNDECIDED", "INACTIVE", None, None, None, "9"),
        "The student belongs to the school and does not attend at present",
    ),
    "Jaya": ("UNDECIDED", "EARLIER_YEAR", None, None, None, "9", "The school enrolment is one of 2023-2024"),
    # Passing goes by the rounded average.
    "Mohan": (
        *("PROMOTE", "PASSED", "II", "IIA", None, "5"),
        "The average of the year, 5, is not below the pass mark, 5",
    ),
}


def told(line: dict[str, Any]) -> tuple[Any, ...]:
    level, course = ((line[name] or {}) for name in ("toGradeLevel", "toCourse"))
    names = line["decision"], line["reason"], level.get("code"), course.get("name")
    return (*names, line["exitReason"], line["average"], line["note"])


async def test_every_student_has_a_line_that_says_why(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    async with audited(connections, school):
        planned = await plan(execute, made)
    assert {name: told(line) for name, line in planned["lines"].items()} == EXPECTED
    assert planned["lines"]["Asha"]["fromCourse"] == {"name": "IA"}


async def test_marks_on_several_scales_decide_by_their_distance_from_the_pass_marks(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """9 of 20 is a twentieth below, 6 of 10 a tenth above; 3 of 20 is more below than that."""
    made = await create_years(session, school)
    wide = await create_grading_scale(session, school, min_score=0, max_score=20, pass_mark=10)
    course = await create_course(session, made.ends, name="Workshop", grading_scale_id=wide.id)
    semester = await create_semester(session, made.ends, start_date=made.ends.start_date, end_date=made.ends.end_date)
    of = {"semester_id": semester.id, "date": datetime.date(2024, 9, 3)}
    for name, score in (("Dev", 9), ("Chitra", 3)):
        await enroll(session, made.students[name], course, begin_date=made.ends.start_date)
        await grade(session, made.students[name], course, made.subjects["French"], score=score, **of)
    home = made.courses["IB"]
    await grade(session, made.students["Dev"], home, made.subjects["French"], score=9, **of)
    await grade(session, made.students["Chitra"], made.courses["IA"], made.subjects["French"], score=6, **of)
    lines = (await plan(execute, made))["lines"]
    assert told(lines["Dev"])[:2] == ("PROMOTE", "PASSED")
    assert told(lines["Chitra"])[:2] == ("RETAIN", "BELOW_PASS_MARK")
    assert (lines["Dev"]["average"], lines["Chitra"]["average"]) == (None, None)
    words = "The marks of the year, on several scales, are on the whole below the pass marks"
    assert lines["Chitra"]["note"] == words


async def test_thirds_on_several_scales_that_make_up_for_each_other_pass(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """Twice 16/3 of 10 is twice a thirtieth above the pass mark, 26/3 of 20 two below: 0 on the whole, not -10^-60."""
    made = await create_years(session, school)
    wide = await create_grading_scale(session, school, min_score=0, max_score=20, pass_mark=10)
    course = await create_course(session, made.ends, name="Workshop", grading_scale_id=wide.id)
    semester = await create_semester(session, made.ends, start_date=made.ends.start_date, end_date=made.ends.end_date)
    chitra = made.students["Chitra"]
    await enroll(session, chitra, course, begin_date=made.ends.start_date)
    home, thirds = made.courses["IA"], ((5, 5, 6), (8, 9, 9))
    for of, subject, scores in ((home, "French", thirds[0]), (home, "Music", thirds[0]), (course, "Music", thirds[1])):
        await teach_subject(session, of, made.subjects[subject], coefficient=Decimal("0.5"))
        for day, score in enumerate(scores, 3):
            given = {"semester_id": semester.id, "date": datetime.date(2024, 9, day)}
            await grade(session, chitra, of, made.subjects[subject], score=score, **given)
    assert told((await plan(execute, made))["lines"]["Chitra"])[:2] == ("PROMOTE", "PASSED")


async def test_the_averages_of_a_year_are_planned_for_that_year(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """A plan kept for whichever year there is takes the whole school's marks for few."""
    made = await create_years(session, school)
    assert await session.scalar(PLANNING) == "auto"
    await plan(execute, made)
    assert await session.scalar(PLANNING) == "force_custom_plan"


async def test_without_marks_everybody_moves_on(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    lines = (await plan(execute, made, byMarks=False))["lines"]
    assert [told(lines[name])[:3] for name in ("Bala", "Farid")] == [
        ("PROMOTE", "NOT_MARKED", "II"),
        ("LEAVE", "LAST_LEVEL", None),
    ]


async def test_planning_again_keeps_what_persons_have_decided(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    first = await plan(execute, made)
    await decide(execute, first, "Bala", decision="PROMOTE", note="Passed the test again")
    made.students["Indu"].status = made.students["Asha"].status
    made.students["Dev"].deleted_at = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    made.students["Lila"].deleted_at = None
    await session.flush()
    async with audited(connections, school):
        again = await plan(execute, made)
    assert (again["id"], again["lines"].keys() ^ first["lines"].keys()) == (first["id"], {"Dev", "Lila"})
    bala = again["lines"]["Bala"]
    assert told(bala) == ("PROMOTE", "DECIDED", "II", "IIA", None, "4.97", "Passed the test again")
    assert told(again["lines"]["Indu"])[:3] == ("PROMOTE", "PASSED", "II")
    assert [again["lines"][name]["version"] for name in ("Asha", "Bala", "Indu")] == [1, 2, 2]
    async with audited(connections, school):
        assert await plan(execute, made) == again


async def test_plans_are_read_with_their_counts_and_filtered_lines(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    planned = await plan(execute, made)
    document = """query($id: ID!, $where: RolloverLineWhere) { rolloverPlan(id: $id) {
        status byMarks appliedAt operation students promoted retained leaving skipped undecided
        fromSchoolYear { code } toSchoolYear { code } viewerCan { apply delete }
        lines(where: $where) { totalCount nodes { student { firstName } viewerCan { update } } }
    } }"""
    asked = {"id": planned["id"], "where": {"decision": {"in": ["RETAIN", "LEAVE"]}}}
    registrar = school.viewer(Role.REGISTRAR)
    assert (await execute(document, viewer=registrar, **asked)).found["rolloverPlan"] == {
        **{"status": "PLANNED", "byMarks": True, "appliedAt": None, "operation": None},
        **{"students": 11, "promoted": 4, "retained": 2, "leaving": 1, "skipped": 0, "undecided": 4},
        "fromSchoolYear": {"code": "2024-2025"},
        "toSchoolYear": {"code": "2025-2026"},
        "viewerCan": {"apply": False, "delete": True},
        "lines": {
            "totalCount": 3,
            "nodes": [
                {"student": {"firstName": name}, "viewerCan": {"update": True}} for name in ("Bala", "Esha", "Farid")
            ],
        },
    }
    for role in (Role.TEACHER, Role.GUARDIAN, Role.STUDENT):
        assert (await execute(document, viewer=school.viewer(role), **asked)).found["rolloverPlan"] is None


async def test_the_next_year_must_be_one_and_come_later(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    first = gid(made.ends)
    for given, error in (
        ({"fromSchoolYear": gid(made.begins)}, "toSchoolYear: no school year begins after 2025-2026: create it first"),
        (
            {"fromSchoolYear": gid(made.begins), "toSchoolYear": first},
            "toSchoolYear: 2024-2025 begins on 2024-06-01, before 2025-2026 ends on 2026-04-30",
        ),
        (
            {"fromSchoolYear": first, "toSchoolYear": first},
            "toSchoolYear: 2024-2025 begins on 2024-06-01, before 2024-2025 ends on 2025-04-30",
        ),
    ):
        async with audited(connections, school, nothing=True):
            (found,) = (await mutate(execute, "planRollover", "__typename", **given))["errors"]
        assert (found["code"], found["field"], found["message"]) == ("BAD_USER_INPUT", ["toSchoolYear"], error)


async def test_a_plan_is_thrown_away_with_its_lines(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    planned = await plan(execute, made)
    given = {"id": planned["id"], "version": planned["version"]}
    async with audited(connections, school):
        assert (await mutate(execute, "deleteRolloverPlan", "__typename", **given))["errors"] == []
    assert await refused(execute, "deleteRolloverPlan", **given) == [("NOT_FOUND", ["id"])]
    found = (await execute("{ rolloverPlans { totalCount } rolloverLines { totalCount } }")).found
    assert found == {"rolloverPlans": {"totalCount": 0}, "rolloverLines": {"totalCount": 0}}


async def test_a_span_that_begins_after_the_year_is_none_of_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    made = await create_years(session, school)
    kiran = made.students["Kiran"]
    await admit(session, kiran, made.begins, grade_level_id=made.levels["II"].id)
    assert "Kiran" not in (await plan(execute, made))["lines"]
