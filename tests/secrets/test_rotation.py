"""Keys are changed while the school is read and written: nobody notices, and nothing is lost."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.database import Database
from app.importing.progress import Silent
from app.keys import new_key
from app.rotation import Rotation
from app.sealed_tables import indexed, samples, sealed_tables
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from resolvers.institution.institution import create_institution
from resolvers.people.student_secrets import sealed_columns
from resolvers.sealing import header
from tests.database import owner_session
from tests.secrets.rotating import (
    AFTER,
    BEFORE,
    COUNT,
    INDEXING,
    MEANWHILE,
    NEW_INDEX,
    OLD,
    OLD_INDEX,
    School,
    opened,
    sealer,
)
from tests.waiting import until_waiting


@pytest.fixture
async def school(empty_database: Urls) -> AsyncIterator[School]:
    """Sixty students, all sealed with the old key."""
    async with owner_session(empty_database) as session:
        institution = await create_institution(session, "ALPHA", "Alpha", levels=False)
    owner = await asyncpg.connect(asyncpg_url(empty_database.owner or ""))
    made = School(empty_database, owner, institution)
    await made.admit(BEFORE, COUNT)
    yield made
    await owner.close()


def test_all_that_is_sealed_is_rotated() -> None:
    (table,) = sealed_tables()
    assert (table.name, table.columns) == (
        "student",
        {"national_id_sealed": "national_id_index", "health_sealed": None, "identifying_marks_sealed": None},
    )


async def test_keys_are_changed_while_the_school_is_read_and_written(school: School) -> None:
    """Sealing key and index key in turn, on servers that know both; afterwards the old ones are not needed."""
    chance = random.Random(7)
    for settings in (MEANWHILE, INDEXING):
        async with opened(school.urls, settings) as database:
            done = asyncio.Event()
            work = asyncio.gather(*(keep_busy(school, database, settings, chance, done, n) for n in range(3)))
            rotated = await school.rotation(settings).run(Silent())
            done.set()
            assert min(await work) > 0
            assert rotated.problems == []
    assert await school.in_use() == {2: school.values()}
    assert await indexed(school.owner, sealer(AFTER), None) == {"the current key": len(school.students)}
    async with opened(school.urls, AFTER) as database:
        await school.check(database, list(school.students)[:100])
        for student in list(school.students)[:10]:
            await school.check_found(database, student)


async def keep_busy(
    school: School, database: Database, settings: Settings, chance: random.Random, done: asyncio.Event, n: int
) -> int:
    """Reads, looks up, changes and admits; each student is changed by one of us alone. How often it went round."""
    rounds = 0
    while not done.is_set():
        students = [student for student in school.students if student % 3 == n]
        await school.check(database, chance.sample(students, 3))
        await school.change(database, sealer(settings), chance.choice(students))
        await school.check_found(database, chance.choice(students))
        rounds += 1
        if rounds % 4 == 1 and n == 0:
            await school.admit(settings, 1)
    return rounds


async def test_a_rotation_that_was_stopped_goes_on_where_it_was(school: School) -> None:
    class Stopped(Silent):
        def advance(self, done: int) -> None:
            raise KeyboardInterrupt

    before = school.values()
    with pytest.raises(KeyboardInterrupt):
        await school.rotation(MEANWHILE).run(Stopped())
    partly = await school.in_use()
    assert 0 < partly[2] < before
    assert partly[1] + partly[2] == before
    rotated = await school.rotation(MEANWHILE).run(Silent())
    assert sum(rotated.sealed.values()) == partly[1]
    assert await school.in_use() == {2: before}
    again = await school.rotation(MEANWHILE).run(Silent())
    assert (sum(again.sealed.values()), again.indexed, again.problems) == (0, 0, [])


async def test_neither_contents_nor_versions_nor_the_audit_move(school: School) -> None:
    rows = "SELECT id, version, updated_at, national_id_last4, national_id_index FROM student ORDER BY id"
    audit = "SELECT count(*) FROM audit_log"
    before = [await school.owner.fetch(rows), await school.owner.fetchval(audit)]
    rotated = await school.rotation(MEANWHILE).run(Silent())
    assert sum(rotated.sealed.values()) == school.values()
    assert rotated.sealed["student.national_id_sealed"] == COUNT
    assert [await school.owner.fetch(rows), await school.owner.fetchval(audit)] == before
    noted = await school.owner.fetch("SELECT institution_id, details, actor_kind FROM activity_log")
    assert [tuple(row) for row in noted] == [(school.institution.id, '{"key": 2}', "SYSTEM")]


async def test_one_school_can_be_done_alone(school: School) -> None:
    async with owner_session(school.urls) as session:
        other = await create_institution(session, "BETA", "Beta", levels=False)
    second = School(school.urls, school.owner, other)
    await second.admit(BEFORE, 3)
    rotated = await Rotation(school.owner, sealer(MEANWHILE), other.id).run(Silent())
    assert sum(rotated.sealed.values()) == second.values()
    assert await school.in_use() == {1: school.values(), 2: second.values()}


async def test_a_row_that_somebody_holds_is_waited_for_with_no_other_lock(school: School) -> None:
    held, *others = school.students
    holder = await asyncpg.connect(asyncpg_url(school.urls.owner or ""))
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("SELECT id FROM student WHERE id = $1 FOR UPDATE", held)
    rotating = asyncio.create_task(school.rotation(MEANWHILE).run(Silent()))
    await until_waiting(holder)
    # All others are done, and free for whoever wants to change them.
    await holder.execute("SELECT id FROM student WHERE id = ANY ($1) FOR UPDATE NOWAIT", others)
    assert (await count_with(holder, 1), await count_with(holder, 2)) == (1, len(others))
    await transaction.rollback()
    assert (await rotating).sealed["student.national_id_sealed"] == COUNT
    await holder.close()


async def count_with(connection: "asyncpg.Connection[Any]", key_id: int) -> int:
    found: int = await connection.fetchval(
        "SELECT count(*) FROM student WHERE get_byte(national_id_sealed, 2) = $1", key_id
    )
    return found


async def test_a_value_that_cannot_be_opened_is_named_and_left(school: School) -> None:
    broken, *_ = school.students
    command = "UPDATE student SET national_id_sealed = $2 WHERE id = $1"
    await school.owner.execute(command, broken, header(65535) + b"x" * 40)
    rotated = await school.rotation(MEANWHILE).run(Silent())
    assert rotated.problems == [
        f"student.national_id_sealed of record {broken} in institution {school.institution.id} was sealed with key"
        " 65535, which is not among the keys of this process"
    ]
    assert rotated.sealed["student.national_id_sealed"] == COUNT - 1
    assert (await school.in_use())[65535] == 1


async def test_two_with_the_same_national_id_are_found_when_the_index_is_made_anew(school: School) -> None:
    """One was written under the new key by a server that was not told of the former one."""
    first, second, *_ = school.students
    digits = school.students[first]["national_id"]
    columns = sealed_columns(sealer(AFTER), school.institution.id, second, {"national_id": digits})
    names = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, 2))
    await school.owner.execute(f"UPDATE student SET {names} WHERE id = $1", second, *columns.values())
    rotated = await school.rotation(INDEXING).run(Silent())
    assert rotated.problems == [
        f"student {first} of institution {school.institution.id}: another record has the same value"
    ]
    assert rotated.indexed == COUNT - 2
    assert await indexed(school.owner, sealer(INDEXING), None) == {
        "the current key": COUNT - 1, "the former key": 1
    }  # fmt: skip


async def test_keys_of_another_database_are_found_by_a_sample(school: School) -> None:
    assert await samples(school.owner, sealer(BEFORE)) == []
    assert await samples(school.owner, sealer(INDEXING)) == []
    other = Settings(sealing_keys=f"1:{new_key()}", blind_index_key=OLD_INDEX)
    assert len(await samples(school.owner, sealer(other))) == 3
    other = Settings(sealing_keys=f"1:{OLD}", blind_index_key=NEW_INDEX)
    assert await samples(school.owner, sealer(other)) == [
        "student.national_id_index was not made with the key of the blind index that is given"
    ]
