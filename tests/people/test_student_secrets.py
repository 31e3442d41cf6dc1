"""What is sealed of a student: shown to whom, found by whom, written how, and the same both ways of execution."""

from itertools import pairwise

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role, Student
from resolvers.errors import Conflict, Invalid, spelled
from resolvers.people.student_secrets import check_unused, national_id, new_keys, sealed_columns
from resolvers.sealing import Sealer
from resolvers.secret import Secret
from tests.conftest import Execute, School
from tests.factories import DAY, create_student, gid
from tests.sealing import SEALER, TEXTS, other_index
from tests.world import secrets_of
from tests.worlds import MARK, Worlds

DIGITS = "234523452345"
ALL = {"national_id": DIGITS, "health": "Asthma", "identifying_marks": "A scar on the chin"}
SHOWN = "query($id: ID!) { student(id: $id) { nationalId nationalIdLast4 health identifyingMarks } }"
FIND = "query($where: StudentWhere) { students(first: 100, where: $where) { totalCount nodes { id nationalId } } }"


async def create(session: AsyncSession, school: School, **given: str | None) -> Student:
    (key,) = await new_keys(session, 1)
    return await create_student(session, school, id=key, **sealed_columns(SEALER, school.id, key, given))


async def test_who_may_see_it_is_shown_it(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create(session, school, **ALL)
    assert (await execute(SHOWN, id=gid(student))).found["student"] == {
        "nationalId": DIGITS,
        "nationalIdLast4": "2345",
        "health": "Asthma",
        "identifyingMarks": "A scar on the chin",
    }


async def test_who_may_not_see_it_is_shown_the_last_digits(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create(session, school, **ALL)
    assert (await execute(SHOWN, viewer=school.viewer(Role.REPORTER), id=gid(student))).found["student"] == {
        "nationalId": None,
        "nationalIdLast4": "2345",
        "health": None,
        "identifyingMarks": None,
    }


async def test_nothing_is_kept_of_what_is_not_there(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create(session, school, national_id=None, health="", identifying_marks=None)
    row = (await session.execute(text("SELECT * FROM student WHERE id = :id"), {"id": student.id})).mappings().one()
    assert {row[name] for name in row if name.endswith("_sealed") or name.startswith("national_id")} == {None}
    assert set((await execute(SHOWN, id=gid(student))).found["student"].values()) == {None}


async def test_all_rows_of_a_list_are_opened_in_one_statement(worlds: Worlds) -> None:
    document = "{ students(first: 100) { nodes { studentNumber nationalId health identifyingMarks } } }"
    for planning in (True, False):
        answer = await worlds.ask(document, planning=planning)
        assert answer.statements == 1
        assert len(answer.found["students"]["nodes"]) == len(worlds.ours.ids["student"])
        for node in answer.found["students"]["nodes"]:
            kept = secrets_of(int(node["studentNumber"][-5:]), "")
            shown = {"national_id": node["nationalId"], "health": node["health"]}
            assert shown | {"identifying_marks": node["identifyingMarks"]} == kept


@pytest.mark.parametrize("planning", [True, False])
async def test_it_is_opened_through_every_relation(worlds: Worlds, planning: bool) -> None:
    document = """query($id: ID!, $ids: [ID!]!) {
        enrollment(id: $id) { student { a: nationalId b: nationalId health } }
        nodes(ids: $ids) { ... on Student { id nationalId } }
    }"""
    student = worlds.ours.gid(Student, 1)
    answer = await worlds.ask(document, planning=planning, id=f"enr_{worlds.ours.ids['enrollment'][1]}", ids=[student])
    kept = secrets_of(1, "")
    assert answer.found["enrollment"]["student"] == {
        "a": kept["national_id"], "b": kept["national_id"], "health": kept["health"]
    }  # fmt: skip
    assert answer.found["nodes"] == [{"id": student, "nationalId": kept["national_id"]}]


@pytest.mark.parametrize("spelled", ["{}", "{:.4} {:.4} {:.4}", "{:.4}-{:.4}-{:.4}"])
@pytest.mark.parametrize("planning", [True, False])
async def test_one_is_found_by_it(worlds: Worlds, spelled: str, planning: bool) -> None:
    digits = secrets_of(7, "")["national_id"] or ""
    given = digits if spelled == "{}" else spelled.format(digits[:4], digits[4:8], digits[8:])
    answer = await worlds.ask(FIND, planning=planning, where={"nationalId": {"eq": given}})
    assert answer.found["students"] == {
        "totalCount": 1,
        "nodes": [{"id": worlds.ours.gid(Student, 7), "nationalId": digits}],
    }


async def test_another_schools_student_is_not_found_by_it(worlds: Worlds) -> None:
    theirs = secrets_of(7, MARK)["national_id"]
    assert (await worlds.ask(FIND, where={"nationalId": {"eq": theirs}})).found["students"]["totalCount"] == 0


async def test_it_goes_with_other_conditions(worlds: Worlds) -> None:
    digits = secrets_of(7, "")["national_id"]
    for where, count in (
        ({"nationalId": {"eq": digits}, "firstName": {"eq": "Asha7"}}, 1),
        ({"nationalId": {"eq": digits}, "firstName": {"eq": "Asha8"}}, 0),
        ({"OR": [{"nationalId": {"eq": digits}}, {"firstName": {"eq": "Asha8"}}]}, 2),
        ({"NOT": {"nationalId": {"eq": digits}}}, len(worlds.ours.ids["student"]) - 1),
        ({"nationalId": {"eq": None}}, len(worlds.ours.ids["student"]) // 5),
    ):
        assert (await worlds.ask(FIND, where=where)).found["students"]["totalCount"] == count, where


async def test_it_is_found_through_relations_and_search(worlds: Worlds) -> None:
    digits = secrets_of(7, "")["national_id"]
    document = """query($where: StudentWhere, $enrolled: EnrollmentWhere) {
        students(search: "asha7", where: $where) { nodes { nationalId } totalCount }
        enrollments(where: $enrolled) { nodes { student { nationalId } } }
    }"""
    student = worlds.ours.gid(Student, 7)
    answer = await worlds.ask(document, where={"nationalId": {"eq": digits}}, enrolled={"student": {"eq": student}})
    assert answer.found["students"] == {"nodes": [{"nationalId": digits}], "totalCount": 1}
    assert answer.found["enrollments"]["nodes"] == [{"student": {"nationalId": digits}}]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.TEACHER, Role.GUARDIAN, Role.STUDENT])
@pytest.mark.parametrize("planning", [True, False])
async def test_who_may_not_see_it_may_not_ask_for_it(worlds: Worlds, role: Role, planning: bool) -> None:
    """Whether anybody has it or not: the answer is the same."""
    for digits in (secrets_of(7, "")["national_id"], "999999999999", None):
        answer = await worlds.ask(FIND, role, refused=True, planning=planning, where={"nationalId": {"eq": digits}})
        assert answer.refusal[0] == "FORBIDDEN"


@pytest.mark.parametrize(
    "given", ["", "1", "12345678901", "1234567890123", "12345678901a", "१२३४५६७८९०१२", "1234.5678.9012"]
)
async def test_what_is_no_national_id_is_refused_without_being_repeated(worlds: Worlds, given: str) -> None:
    answer = await worlds.ask(FIND, refused=True, where={"nationalId": {"eq": given}})
    assert answer.refusal == ("BAD_USER_INPUT", "where.nationalId.eq")
    (error,) = answer.errors
    assert error.message == "where.nationalId.eq: a national id has 12 digits"


@pytest.mark.parametrize(("name", "longest"), [("health", 2000), ("identifying_marks", 500)])
def test_notes_have_a_length(name: str, longest: int) -> None:
    assert sealed_columns(SEALER, 1, 1, {name: "x" * longest}).keys() == {f"{name}_sealed"}
    with pytest.raises(Invalid, match=f"{spelled(name)}: {longest + 1} characters are more than {longest}") as caught:
        sealed_columns(SEALER, 1, 1, {name: "x" * (longest + 1)})
    assert caught.value.field == spelled(name)


def test_a_wrong_national_id_is_not_sealed() -> None:
    with pytest.raises(Invalid) as caught:
        sealed_columns(SEALER, 1, 1, {"national_id": "23452345234"})
    assert (caught.value.field, "2345" in str(caught.value)) == ("nationalId", False)


async def test_a_national_id_is_one_students_of_a_school(
    session: AsyncSession, school: School, other_school: School
) -> None:
    await create(session, school, national_id=DIGITS)
    with pytest.raises(IntegrityError) as caught:
        await create(session, school, national_id=f"{DIGITS[:4]} {DIGITS[4:8]} {DIGITS[8:]}")
    assert "ix_student_institution_id_national_id_index" in str(caught.value)
    assert DIGITS not in str(caught.value)
    assert (
        sealed_columns(SEALER, school.id, 1, ALL)["national_id_index"]
        != sealed_columns(SEALER, other_school.id, 1, ALL)["national_id_index"]
    )


async def test_a_value_that_was_moved_to_another_student_is_a_fault_and_not_shown(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    one, other = await create(session, school, **ALL), await create(session, school)
    await session.execute(
        update(Student).where(Student.id == other.id).values(health_sealed=one.health_sealed),
        execution_options={"synchronize_session": False},
    )
    answer = await execute("query($id: ID!) { student(id: $id) { health fullName } }", id=gid(other), refused=True)
    assert answer.data == {"student": {"health": None, "fullName": "Asha Rao"}}
    (error,) = answer.errors
    assert error.path == ["student", "health"]
    assert "Asthma" not in error.message


async def test_an_unchanged_student_keeps_the_version(session: AsyncSession, school: School) -> None:
    """A sealed value is there from the first INSERT on: no second statement that would count as a change."""
    student = await create(session, school, **ALL)
    assert await session.scalar(text("SELECT version FROM student WHERE id = :id"), {"id": student.id}) == 1


async def test_keys_of_new_students_are_taken_once(session: AsyncSession) -> None:
    first, second = await new_keys(session, 3), await new_keys(session, 2)
    assert [b - a for a, b in pairwise(first + second)] == [1, 1, 1, 1]


async def test_while_the_index_is_made_anew_both_keys_count(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """The student stands under the former key; the new one finds it, and lets nobody else take the same national id."""
    student = await create(session, school, national_id=DIGITS)
    moving = Sealer(other_index(TEXTS.keys()))
    for sealer in (SEALER, moving):
        with pytest.raises(Conflict) as caught:
            await check_unused(session, sealer, school.id, national_id(DIGITS, "national_id"))
        assert (caught.value.field, DIGITS in caught.value.message) == ("nationalId", False)
        await check_unused(session, sealer, school.id, Secret(DIGITS), but=student.id)
        await check_unused(session, sealer, school.id, Secret("999999999999"))


def test_a_day_is_no_national_id() -> None:
    with pytest.raises(Invalid):
        national_id(f"{DAY:%Y-%m-%d}", "national_id")
