"""Photos and the logo as clients set and see them; who sees which is `tests/access`."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import SchoolProfile, StoredFile, Student
from resolvers.files.picture import MOST_BYTES
from resolvers.files.store import Unsettled
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student, create_user, gid
from tests.files.samples import JPEG, PNG, SAID, WEBP, png, upload
from tests.mutating import done, mutate, refused

PHOTO = "photo { id url contentType size width height }"
SHOWN = f"record: student {{ version {PHOTO} }}"


async def given(execute: Execute, student: Student, version: int, content: bytes) -> dict[str, Any]:
    """What a student's record shows once a photo is set."""
    call = await done(execute, "setStudentPhoto", SHOWN, id=gid(student), version=version, photo=upload(content))
    found: dict[str, Any] = call["record"]
    return found


async def files(session: AsyncSession, school: School) -> list[StoredFile]:
    rows = await session.scalars(select(StoredFile).where(StoredFile.institution_id == school.id))
    return list(rows)


def unsettled(connections: OneConnection) -> list[str]:
    """Where bytes were written or given up since it was last asked."""
    found = [note.location for note in connections.notes if isinstance(note, Unsettled)]
    connections.notes.clear()
    return found


async def test_a_photo_is_shown_as_it_is(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    shown = await given(execute, student, 1, JPEG)
    (row,) = await files(session, school)
    assert shown == {
        "version": 2,
        "photo": {
            "id": gid(row),
            "url": f"/files/{row.id}",
            "contentType": "image/jpeg",
            "size": row.size,
            "width": 24,
            "height": 32,
        },
    }
    assert (row.name, row.location) == ("photo.jpg", f"{school.id}/{row.sha256.hex()}")


async def test_nothing_but_the_picture_is_kept(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    """Neither what the file says nor what it was called: both may tell of people and places."""
    student = await create_student(session, school)
    await given(execute, student, 1, PNG)
    (row,) = await files(session, school)
    assert row.name == "photo.png"
    kept = await (await connections.driver()).fetch("SELECT to_jsonb(t)::text AS row FROM audit_log t")
    assert kept
    assert all(SAID.decode() not in each["row"] for each in kept)


async def test_another_photo_takes_the_place_of_the_one_before(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    first = await given(execute, student, 1, JPEG)
    (before,) = unsettled(connections)
    second = await given(execute, student, 2, WEBP)
    (row,) = await files(session, school)
    assert (second["photo"]["id"], second["version"]) == (gid(row), 3)
    assert first["photo"]["id"] != gid(row)
    assert unsettled(connections) == [row.location, before]


async def test_the_same_photo_again_changes_nothing(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    first = await given(execute, student, 1, JPEG)
    unsettled(connections)
    assert await given(execute, student, 2, JPEG) == first
    assert unsettled(connections) == []


async def test_a_picture_of_several_is_kept_once_and_until_the_last(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student, user = await create_student(session, school), await create_user(session, school)
    profile = (await session.scalars(select(SchoolProfile).where(SchoolProfile.institution_id == school.id))).one()
    await given(execute, student, 1, JPEG)
    await done(execute, "setUserPhoto", "__typename", id=gid(user), version=1, photo=upload(JPEG))
    await done(execute, "setSchoolLogo", "__typename", id=gid(profile), version=1, logo=upload(JPEG))
    (row,) = await files(session, school)
    unsettled(connections)
    for name, record in (("clearStudentPhoto", student), ("clearSchoolLogo", profile)):
        await done(execute, name, "__typename", id=gid(record), version=2)
        assert unsettled(connections) == []
        assert len(await files(session, school)) == 1
    shown = await done(execute, "clearUserPhoto", f"record: user {{ {PHOTO} }}", id=gid(user), version=2)
    assert shown == {"record": {"photo": None}}
    assert unsettled(connections) == [row.location]
    assert await files(session, school) == []


async def test_clearing_what_is_not_there_changes_nothing(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    assert await done(execute, "clearStudentPhoto", SHOWN, id=gid(student), version=1) == {
        "record": {"version": 1, "photo": None}
    }


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", JPEG[:50], png(15, 15)], ids=["nothing", "SVG", "cut off", "too small"]
)
async def test_no_picture_is_refused(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, content: bytes
) -> None:
    student = await create_student(session, school)
    call = {"id": gid(student), "version": 1, "photo": upload(content)}
    assert await refused(execute, "setStudentPhoto", **call) == [("BAD_USER_INPUT", ["photo"])]
    assert await files(session, school) == []
    assert unsettled(connections) == []


async def test_a_picture_is_two_megabytes_at_most_whatever_the_school_accepts(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    call = {"id": gid(student), "version": 1}
    large = PNG + bytes(MOST_BYTES - len(PNG) + 1)
    payload = await mutate(execute, "setStudentPhoto", "__typename", photo=upload(large), **call)
    (error,) = payload["errors"]
    assert (error["code"], error["field"]) == ("BAD_USER_INPUT", ["photo"])
    assert error["message"] == "photo: 2,097,153 bytes are more than 2,097,152, the most that a picture may have"
    assert await files(session, school) == []
    await done(execute, "setStudentPhoto", "__typename", photo=upload(large[:-1]), **call)


async def test_a_retired_student_gets_no_photo(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school, deleted_at=NOW)
    payload = await mutate(execute, "setStudentPhoto", "__typename", id=gid(student), version=1, photo=upload(JPEG))
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("BAD_USER_INPUT", ["id"])]
    assert await files(session, school) == []
