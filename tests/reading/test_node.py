"""Records by id: `node`, `nodes`, and the field of each type."""

import pytest

from models import Attendance, Base, Guardian, Institution, SchoolProfile, Student
from schema.node import identity
from tests.schema_map import entities, lookups, object_type, type_of
from tests.worlds import COUNT, Worlds

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Student { lastName } ... on Guardian { fullName } } }"
STUDENT = "query($id: ID!) { student(id: $id) { id } }"


def own_id(worlds: Worlds, model: type[Base]) -> str:
    return f"spr_{worlds.ours.institution_id}" if model is SchoolProfile else worlds.ours.gid(model, 3)


@pytest.mark.parametrize("model", entities(), ids=type_of)
async def test_every_record_is_found_by_its_id(worlds: Worlds, model: type[Base]) -> None:
    key = own_id(worlds, model)
    assert (await worlds.ask(NODE, id=key)).found["node"] == {"__typename": type_of(model), "id": key}
    if model in lookups():
        name = lookups()[model]
        assert (await worlds.ask(f'{{ {name}(id: "{key}") {{ id }} }}')).found == {name: {"id": key}}


@pytest.mark.parametrize("model", entities(), ids=type_of)
async def test_ids_are_a_prefix_of_their_own_and_the_key(worlds: Worlds, model: type[Base]) -> None:
    prefix, key = own_id(worlds, model).split("_")[0], own_id(worlds, model).split("_")[-1]
    assert prefix == identity(model).prefix
    assert [each for each in entities() if identity(each).prefix == prefix] == [model]
    table = worlds.ours.ids.get(model.__tablename__, [worlds.ours.institution_id] * COUNT)
    assert int(key) == table[3]


async def test_records_come_in_the_order_of_their_ids(worlds: Worlds) -> None:
    student, guardian = worlds.ours.gid(Student, 1), worlds.ours.gid(Guardian, 1)
    answer = await worlds.ask(NODES, ids=[guardian, "stu_999999", student, student])
    known = {"id": student, "lastName": "Rao1"}
    assert answer.found["nodes"] == [{"id": guardian, "fullName": "Ravi1 Rao1"}, None, known, known]
    assert answer.statements == 2


async def test_at_most_a_hundred_ids(worlds: Worlds) -> None:
    assert (await worlds.ask(NODES, ids=["stu_999999"] * 100)).found["nodes"] == [None] * 100
    assert (await worlds.ask(NODES, ids=[])).found["nodes"] == []
    refused = await worlds.ask(NODES, ids=["stu_1"] * 101, refused=True)
    assert refused.refusal == ("BAD_USER_INPUT", "ids")


@pytest.mark.parametrize("id", ["stu_0", "stu_9223372036854775807", "stu_999999"])
async def test_there_may_be_no_such_record(worlds: Worlds, id: str) -> None:
    assert (await worlds.ask(NODE, id=id)).found == {"node": None}
    assert (await worlds.ask(STUDENT, id=id)).found == {"student": None}


NO_IDS = ["", "1", "stu", "stu_", "stu_x", "stu_-1", "stu_1.0", "stu_1 ", " stu_1", "stu_1\n", "STU_1", "Student:1"]
NO_IDS += ["c3R1XzE=", "xxx_1", "stu_01", "stu_\u0661", "stu_9223372036854775808", "stu_1; DROP TABLE student", "\0"]
NO_IDS += ["stu_20250901_1", "att_1", "att_20250931_1", "att_20250901_01", "att_2025091_1", "att_20250901", "x" * 5000]


@pytest.mark.parametrize("id", NO_IDS, ids=lambda id: repr(id[:20]))
async def test_what_is_no_id_is_refused(worlds: Worlds, id: str) -> None:
    for document in (NODE, STUDENT):
        answer = await worlds.ask(document, id=id, refused=True)
        assert answer.refusal == ("BAD_USER_INPUT", "id")
        assert len(answer.errors[0].message) < 100
        assert answer.statements == 0


async def test_an_id_of_another_type_is_refused(worlds: Worlds) -> None:
    answer = await worlds.ask(STUDENT, id=worlds.ours.gid(Guardian, 0), refused=True)
    assert answer.errors[0].message == f"id: '{worlds.ours.gid(Guardian, 0)}' is not the id of a Student"


async def test_the_wrong_id_among_many_is_named(worlds: Worlds) -> None:
    answer = await worlds.ask(NODES, ids=["stu_1", "nonsense"], refused=True)
    assert answer.refusal == ("BAD_USER_INPUT", "ids.1")


async def test_an_id_with_a_date_is_of_that_date(worlds: Worlds) -> None:
    right = worlds.ours.gid(Attendance, 2)
    prefix, date, key = right.split("_")
    wrong = f"{prefix}_{int(date) + 1}_{key}"
    for name in ("node", "attendance"):
        document = f'{{ right: {name}(id: "{right}") {{ id }} wrong: {name}(id: "{wrong}") {{ id }} }}'
        assert (await worlds.ask(document)).found == {"right": {"id": right}, "wrong": None}


def test_every_entity_is_a_node() -> None:
    for model in entities():
        assert [each.name for each in object_type(type_of(model)).interfaces] == ["Node"]
    assert Institution in entities()
