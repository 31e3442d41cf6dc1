"""Lists below the rows: a row for each of their items, one cell for all of them, or a refusal; and statements."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import GuardianRelation
from resolvers.searching import HIT_LIMIT
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_guardian, create_student, link_guardian
from tests.reading.test_search import many_students
from tests.tables.conftest import asking
from tests.tables.exporting import Apart, Asker, Door, table_of
from tests.worlds import Worlds

FAMILIES = "query Families { students { nodes { firstName guardians { relation guardian { fullName } } status } } }"


@pytest.fixture
async def families(session: AsyncSession, school: School, connections: OneConnection) -> Asker:
    """Two children with two parents, one with one, one with none; and texts that are dangerous, long or odd."""
    mother = await create_guardian(session, school, first_name="=HYPERLINK(A1)", last_name="Rao")
    father = await create_guardian(session, school, first_name='Ravi "R", jr.', last_name="O'Rao\nII")
    for name, parents in {"-Asha": [mother, father], "Bela": [mother, father], "Chen": [father], "Dev": []}.items():
        student = await create_student(session, school, first_name=name, last_name=name)
        for parent in parents:
            relation = GuardianRelation.MOTHER if parent is mother else GuardianRelation.FATHER
            await link_guardian(session, student, parent, relation=relation)
    await session.flush()
    return Asker(Door(Apart(connections), {"admin": school.admin}), export_part_rows=3)


async def test_a_row_for_each_item(families: Asker) -> None:
    found = await families.table(FAMILIES, lists="rows")

    assert found == [
        ["firstName", "guardians.relation", "guardians.guardian.fullName", "status"],
        ["'-Asha", "MOTHER", "'=HYPERLINK(A1) Rao", "ACTIVE"],
        ["'-Asha", "FATHER", 'Ravi "R", jr. O\'Rao\nII', "ACTIVE"],
        ["Bela", "MOTHER", "'=HYPERLINK(A1) Rao", "ACTIVE"],
        ["Bela", "FATHER", 'Ravi "R", jr. O\'Rao\nII', "ACTIVE"],
        ["Chen", "FATHER", 'Ravi "R", jr. O\'Rao\nII', "ACTIVE"],
        # Whoever has nobody does not vanish.
        ["Dev", "", "", "ACTIVE"],
    ]


async def test_one_cell_for_all_items(families: Asker) -> None:
    found = await families.table(FAMILIES, lists="cells")

    both = "'=HYPERLINK(A1) Rao; Ravi \"R\", jr. O'Rao\nII"
    assert found[1:] == [
        ["'-Asha", "MOTHER; FATHER", both, "ACTIVE"],
        ["Bela", "MOTHER; FATHER", both, "ACTIVE"],
        ["Chen", "FATHER", 'Ravi "R", jr. O\'Rao\nII', "ACTIVE"],
        ["Dev", "", "", "ACTIVE"],
    ]


async def test_what_has_signs_of_the_format_in_it_is_quoted(families: Asker) -> None:
    answer = await families.export(FAMILIES, lists="rows", delimiter="semicolon")

    lines = answer.content.decode().split("\r\n")
    assert lines[2] == '\'-Asha;FATHER;"Ravi ""R"", jr. O\'Rao\nII";ACTIVE'
    assert lines[-1] == ""
    assert len(table_of(answer, ";")) == 7


async def test_json_lines_keep_lists_as_they_are(families: Asker) -> None:
    found = await families.lines(FAMILIES)

    assert [(row["firstName"], len(row["guardians"])) for row in found] == [
        ("-Asha", 2),
        ("Bela", 2),
        ("Chen", 1),
        ("Dev", 0),
    ]
    assert found[0]["guardians"][0] == {"relation": "MOTHER", "guardian": {"fullName": "=HYPERLINK(A1) Rao"}}


async def test_lists_side_by_side_have_no_rows_in_common(families: Asker) -> None:
    query = "{ students { nodes { guardians { relation } siblings: guardians { id } firstName } } }"
    message = "`guardians` and `siblings` are two lists side by side: export one of them"
    assert await families.refusal(query, lists="rows") == (400, "BAD_USER_INPUT", message)
    assert (await families.table(query, lists="cells"))[1][0] == "MOTHER; FATHER"


async def test_a_page_below_the_rows_would_be_cut(families: Asker) -> None:
    query = "{ subjects { nodes { grades { nodes { id } } } } }"
    message = "`grades` is a page of a longer list, of which the rest would be missing: export it by itself"
    for lists in (None, "rows", "cells"):
        assert await families.refusal(query, lists=lists) == (400, "BAD_USER_INPUT", message)


@pytest.mark.parametrize("part", [7, 25, 50, 100])
async def test_a_part_costs_a_statement_for_each_relation(worlds: Worlds, part: int) -> None:
    asker = asking(worlds, export_part_rows=part)
    query = "{ students { nodes { id guardians { relation guardian { fullName } } scholarships { name } } } }"

    found: Any = await asker.table(query, lists="cells")

    parts = -(-50 // part)
    assert len(found) == 51
    # How the school writes and how long the list is, each once; the students and three relations with each part.
    assert asker.statements == 2 + 4 * parts


async def test_a_search_that_finds_too_much_is_no_list(
    session: AsyncSession, school: School, connections: OneConnection
) -> None:
    await many_students(session, school, HIT_LIMIT + 1)
    asker = Asker(Door(Apart(connections), {"admin": school.admin}))
    query = 'query { students(search: "%s"%s) { nodes { lastName } } }'
    message = "search: it finds more than it looks at: add a word, or filter the list"

    assert await asker.refusal(query % ("many", "")) == (400, "BAD_USER_INPUT", message)
    # The best five are the best five, however many there are; and so is what is found whole.
    assert len(await asker.lines(query % ("many", ", first: 5"))) == 5
    assert await asker.lines(query % ("many 0099", "")) == [{"lastName": "0099"}]
