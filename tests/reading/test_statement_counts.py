"""One SELECT for each relation of a selection, for one parent and for fifty, with plans and without."""

from typing import Any

import pytest

from models import Base, Student
from resolvers.batches import has_values
from schema.reads import RelatedPages
from tests.schema_map import entities, lists, relations, selection, type_of
from tests.world import World
from tests.worlds import COUNT, Worlds

# Row 4, and every fifth after it, has no parents where it may have none; row 3 has them all.
WHOLE = 3
LISTED = [model for model in entities() if model in lists()]


def expected(model: type[Base], depth: int, planning: bool) -> int:
    """Statements below a level of `model`: one a relation, two a page, since its rows are counted too.

    A plan takes one more for each relation whose key it works out for all rows at once; lists with all their relations
    are never text (`resolvers.texts`), with which such a key would come.
    """
    if depth == 0:
        return 0
    below = relations(model).values()
    apart = sum(has_values(model, read.batch.parent) for read in below) if planning else 0
    pages = sum(isinstance(read, RelatedPages) for read in below)
    return len(below) + apart + pages + sum(expected(read.batch.model, depth - 1, planning) for read in below)


def parents(model: type[Base], world: World, rows: list[int]) -> dict[str, Any]:
    """The filter that finds these rows of the world."""
    return {"id": {"in": [world.gid(model, n) for n in rows]}}


async def costs(worlds: Worlds, model: type[Base], depth: int, planning: bool) -> list[int]:
    """Statements for one parent and for fifty."""
    kind, name = type_of(model), lists()[model]
    document = f"""query($where: {kind}Where) {{
        {name}(first: 100, where: $where) {{ nodes {{ {selection(model, depth, leaf=False)} }} }}
    }}"""
    found = []
    for rows in ([WHOLE], list(range(COUNT))):
        answer = await worlds.ask(document, planning=planning, where=parents(model, worlds.ours, rows))
        assert len(answer.found[name]["nodes"]) == len(rows)
        found.append(answer.statements)
    return found


@pytest.mark.parametrize("model", LISTED, ids=type_of)
async def test_each_relation_costs_one_statement(worlds: Worlds, model: type[Base]) -> None:
    assert await costs(worlds, model, 2, planning=True) == [1 + expected(model, 2, True)] * 2


@pytest.mark.parametrize("model", LISTED, ids=type_of)
async def test_without_a_plan_loaders_need_no_more(worlds: Worlds, model: type[Base]) -> None:
    """Two fields that lead to the same row may share its statement."""
    for cost in await costs(worlds, model, 1, planning=False):
        assert len(relations(model)) <= cost <= 1 + expected(model, 1, False)


EVERYTHING = """query($where: StudentWhere) { students(first: 100, where: $where) { nodes {
    fullName age fatherOrGuardianName motherName
    guardians { relation guardian { fullName } }
    familyInfo { livingWith }
    scholarships { name }
    enrollments { status course { name schoolYear { code } teachers { user { fullName } } } }
    grades { score subject { name } semester { code } course { name } }
    attendance { date status course { name } semester { code } }
} } }"""


@pytest.mark.parametrize("planning", [True, False])
@pytest.mark.parametrize("rows", [[WHOLE], list(range(COUNT))], ids=["one", "fifty"])
async def test_a_student_with_everything(worlds: Worlds, rows: list[int], planning: bool) -> None:
    """Sixteen relations and the students themselves."""
    answer = await worlds.ask(EVERYTHING, planning=planning, where=parents(Student, worlds.ours, rows))
    assert answer.statements == 17
    for node in answer.found["students"]["nodes"]:
        assert node["guardians"][0]["guardian"]["fullName"]
        assert node["enrollments"][0]["course"]["teachers"][0]["user"] is not None
        assert node["grades"][0]["subject"]["name"]
        assert node["attendance"][0]["semester"]["code"]


@pytest.mark.parametrize("planning", [True, False])
async def test_the_count_of_a_list_is_one_statement_more(worlds: Worlds, planning: bool) -> None:
    plain = await worlds.ask("{ students { nodes { id } } }", planning=planning)
    counted = await worlds.ask("{ students { totalCount nodes { id } } }", planning=planning)
    only = await worlds.ask("{ students { totalCount } }", planning=planning)
    assert (plain.statements, counted.statements, only.statements) == (1, 2, 1)
    assert counted.found["students"]["totalCount"] == only.found["students"]["totalCount"] == COUNT


@pytest.mark.parametrize("planning", [True, False])
@pytest.mark.parametrize("name", ["institution", "schoolProfile", "currentSchoolYear", "configuration"])
async def test_records_that_follow_from_the_viewer_cost_one_statement_a_relation(
    worlds: Worlds, name: str, planning: bool
) -> None:
    documents = {
        "institution": ("{ institution { code } }", 1),
        "schoolProfile": ("{ schoolProfile { schoolName timeZone institution { code } } }", 2),
        "currentSchoolYear": ("{ currentSchoolYear { code semesters { code } } }", 2),
        "configuration": ("{ configuration { profile { schoolName } general { key } academic { key } } }", 2),
    }
    document, statements = documents[name]
    assert (await worlds.ask(document, planning=planning)).statements == statements


@pytest.mark.parametrize("planning", [True, False])
async def test_records_by_id_of_one_type_come_in_one_statement(worlds: Worlds, planning: bool) -> None:
    answer = await worlds.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Student { guardians { id } } } }",
        planning=planning,
        ids=worlds.ours.gids(Student, COUNT),
    )
    assert answer.statements == 2
    assert [node["id"] for node in answer.found["nodes"]] == worlds.ours.gids(Student, COUNT)
