"""That rosters were taken."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import AttendanceSession
from tests.academics.marking import create_class, record
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_course, create_school_year, create_user, gid, take_attendance
from tests.mutating import done, mutate

AT = datetime.datetime(2025, 9, 1, 4, 0, tzinfo=datetime.UTC)


async def test_a_roster_by_id_leads_to_course_and_user(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    user = await create_user(session, school)
    taken = await take_attendance(session, course, session=AttendanceSession.PM, taken_by_id=user.id, taken_at=AT)
    document = """query($id: ID!) { attendanceTaken(id: $id) {
        date session takenAt course { id attendanceTaken { id } } takenBy { id }
    } }"""
    assert (await execute(document, id=gid(taken))).found["attendanceTaken"] == {
        "date": "2025-09-01",
        "session": "PM",
        "takenAt": "2025-09-01T04:00:00+00:00",
        "course": {"id": gid(course), "attendanceTaken": [{"id": gid(taken)}]},
        "takenBy": {"id": gid(user)},
    }


async def test_courses_whose_roster_was_not_taken(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    taken, not_taken = [await create_course(session, year, name=name) for name in ("Taken", "Not taken")]
    await take_attendance(session, taken)
    await take_attendance(session, not_taken, date=datetime.date(2025, 9, 2))
    document = """query($day: Date!) {
        courses(where: { NOT: { attendanceTaken: { date: { eq: $day } } } }) { nodes { name } }
        attendanceTakenRecords { nodes { date } }
    }"""
    assert (await execute(document, day="2025-09-01")).found == {
        "courses": {"nodes": [{"name": "Not taken"}]},
        "attendanceTakenRecords": {"nodes": [{"date": "2025-09-02"}, {"date": "2025-09-01"}]},
    }


async def test_a_roster_in_which_somebody_is_marked_was_taken(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = await create_class(session, school, 1)
    called = {"course": gid(given.course), "date": "2025-09-01", "session": "AM"}
    marked = await record(execute, "recordAttendance", **called, marks=given.marks({"status": "PRESENT"}))
    shown = "{ attendanceTakenRecords { nodes { id version } } }"
    (taken,) = (await execute(shown)).found["attendanceTakenRecords"]["nodes"]
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "deleteAttendanceTaken", "__typename", **taken))["errors"]
    words = "id: it has 1 attendance mark: delete the marks, or undo the marking"
    assert (error["code"], error["message"]) == ("CONFLICT", words)
    (result,) = marked["results"]
    await done(execute, "deleteAttendance", "__typename", **result["mark"])
    async with audited(connections, school):
        await done(execute, "deleteAttendanceTaken", "__typename", **taken)
    assert (await execute(shown)).found["attendanceTakenRecords"]["nodes"] == []
