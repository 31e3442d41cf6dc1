"""`extensions.redactions`: by the operation and the roles alone, the same on every way to a field."""

from typing import Any

import pytest
from graphql import parse

from models import Role, Student
from resolvers.context import Context
from schema.execution.operation import KEPT
from schema.redactions import hides
from tests.access.conftest import Stages
from tests.access.schools import PERSONAS
from tests.answers import ENGINE, NOW, operation, run
from tests.sealing import SERVICES

pytestmark = pytest.mark.any_database

BY_NAME = {persona.name: persona for persona in PERSONAS}
STAFF = "ADMIN, REGISTRAR, REPORTER"
CASTE = f"Shown to {STAFF}, GUARDIAN and STUDENT."
ACCOUNT = "Shown only on the own account."
CASES: list[tuple[str, str, dict[str, str]]] = [
    ("TEACHER", "{ students { totalCount } }", {}),
    ("TEACHER", "{ students { nodes { firstName id __typename } } }", {}),
    ("TEACHER", "{ students { nodes { caste } } }", {"students.nodes.*.caste": CASTE}),
    ("TEACHER", "{ all: students { rows: nodes { c: caste } } }", {"all.rows.*.c": CASTE}),
    ("TEACHER", "{ students { edges { node { caste } } } }", {"students.edges.*.node.caste": CASTE}),
    ("TEACHER", '{ student(id: "stu_1") { caste } }', {"student.caste": CASTE}),
    ("TEACHER", '{ node(id: "stu_1") { ... on Student { caste } } }', {"node.caste": CASTE}),
    ("TEACHER", '{ nodes(ids: ["crs_1"]) { id ...S } } fragment S on Student { caste }', {"nodes.*.caste": CASTE}),
    ("TEACHER", "{ enrollments { nodes { student { caste } } } }", {"enrollments.nodes.*.student.caste": CASTE}),
    (
        "TEACHER",
        "{ students { nodes { grades { student { caste } } } } }",
        {"students.nodes.*.grades.*.student.caste": CASTE},
    ),
    (
        "TEACHER",
        "{ familyInfos { nodes { church student { caste } } } }",
        {"familyInfos": f"Shown to {STAFF} and GUARDIAN."},
    ),
    (
        "TEACHER",
        "{ students { nodes { externalIds { value } } } }",
        {"students.nodes.*.externalIds": "Shown to ADMIN, REGISTRAR and REPORTER."},
    ),
    ("TEACHER", "{ me { username preferences } }", {"me.username": ACCOUNT, "me.preferences": ACCOUNT}),
    ("TEACHER", "{ users { nodes { email fullName } } }", {}),
    ("GUARDIAN", "{ users { nodes { email fullName } } }", {"users.nodes.*.email": ACCOUNT}),
    ("GUARDIAN", "{ students { nodes { caste } } }", {}),
    (
        "GUARDIAN",
        "{ settings { key } configuration { general { key } } }",
        {
            "settings": "Shown to ADMIN, REGISTRAR, TEACHER and REPORTER.",
            "configuration.general": "Shown to ADMIN, REGISTRAR, TEACHER and REPORTER.",
        },
    ),
    (
        "STUDENT",
        "{ guardians { nodes { fullName mobile } } }",
        {"guardians.nodes.*.mobile": "Shown to ADMIN, REGISTRAR, TEACHER, REPORTER and GUARDIAN."},
    ),
    (
        "REPORTER",
        "{ students { nodes { nationalId nationalIdLast4 } } }",
        {"students.nodes.*.nationalId": "Shown to ADMIN and REGISTRAR."},
    ),
    ("REGISTRAR", "{ accessLog { nodes { purpose } } }", {"accessLog": "Shown to ADMIN."}),
    ("ADMIN", "{ students { nodes { nationalId caste user { preferences } } } }", {}),
    ("SUPERADMIN", "{ students { nodes { nationalId caste } } accessLog { totalCount } }", {}),
    (
        "nobody",
        "{ me { username preferences } students { totalCount } }",
        {"students": "Shown to ADMIN, REGISTRAR, TEACHER, REPORTER, GUARDIAN and STUDENT."},
    ),
    (
        "teacher and guardian",
        "{ students { nodes { caste } } }",
        {"students.nodes.*.caste": "Shown only on own children whose records they may access."},
    ),
]


@pytest.mark.parametrize("planning", [True, False])
@pytest.mark.parametrize(("name", "document", "expected"), CASES)
async def test_what_is_hidden_is_told(
    stages: Stages, name: str, document: str, expected: dict[str, str], planning: bool
) -> None:
    answer = await stages.ask(0, BY_NAME[name], document, planning=planning)
    assert answer.redactions == expected


async def test_rows_have_no_say(stages: Stages) -> None:
    """An id that is hidden, one of another school, one that does not exist: the same answer by the same statements."""
    document = "query ($id: ID!) { student(id: $id) { caste familyInfo { church } } node(id: $id) { id } }"
    ids = [stages.schools[0].gids(Student)[0], stages.schools[1].gids(Student)[3], "stu_999999999"]
    answers = [await stages.ask(0, BY_NAME["TEACHER"], document, id=key) for key in ids]
    assert {str((answer.data, answer.statements, answer.redactions)) for answer in answers} == {
        str(({"student": None, "node": None}, 2, answers[0].redactions))
    }
    assert set(answers[0].redactions) == {"student.caste", "student.familyInfo"}


async def test_what_is_skipped_is_not_selected(stages: Stages) -> None:
    """The answers of one document differ by the variables that decide, by roles, and by nothing else."""
    document = """query ($with: Boolean!, $without: Boolean = false, $first: Int) { students(first: $first) { nodes {
        caste @include(if: $with) ...More @skip(if: $without) preferredName } } }
        fragment More on Student { religion: vaccinated caste @skip(if: true) }"""
    path = "students.nodes.*."
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"with": True}, {"caste", "religion"}),
        ({"with": False}, {"religion"}),
        ({"with": False, "without": True}, set()),
        ({"with": True, "without": True, "first": 0}, {"caste"}),
        ({"with": True}, {"caste", "religion"}),
    ]
    for variables, paths in cases:
        for name, hidden in (("TEACHER", paths), ("ADMIN", set()), ("GUARDIAN", set())):
            answer = await stages.ask(0, BY_NAME[name], document, **variables)
            assert set(answer.redactions) == {path + each for each in hidden}


async def test_they_are_kept_with_the_operation_within_bounds(stages: Stages) -> None:
    document = "query ($n: Boolean!) { students { nodes { caste @include(if: $n) } } }"
    for persona in PERSONAS:
        for n in (True, False):
            await stages.ask(0, persona, document, n=n)
    assert 1 < len(operation(document).hidden) <= KEPT


async def test_refused_variables_hide_nothing(stages: Stages) -> None:
    (prepared,) = ENGINE.operations(parse("query ($n: Int!) { students(first: $n) { nodes { caste } } }")).values()
    viewer = stages.schools[0].viewer(BY_NAME["TEACHER"])
    context = Context(stages.database, viewer, now=NOW, timeout=60, services=SERVICES)
    result = await ENGINE.execute(prepared, {"n": "many"}, context)
    await context.close()
    assert (result.data, result.extensions) == (None, None)


async def test_errors_do_not_take_them_away(stages: Stages) -> None:
    document = '{ students { nodes { caste } } grade(id: "nonsense") { id } }'
    answer = await stages.ask(0, BY_NAME["TEACHER"], document, refused=True)
    assert answer.refusal == ("BAD_USER_INPUT", "id")
    assert answer.redactions == {"students.nodes.*.caste": CASTE}


@pytest.mark.parametrize("planning", [True, False])
@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("query ($n: Boolean = true) { students { nodes { caste @include(if: $n) } } }", set()),
        ("query ($n: Boolean = true) { students { totalCount } students @include(if: $n) { nodes { caste } } }", set()),
        (
            """query ($n: Boolean = true) {
                a: students { nodes { caste } } b: students { nodes { caste @skip(if: $n) } } }""",
            {"a.nodes.*.caste"},
        ),
    ],
    ids=["below", "root", "beside"],
)
async def test_a_condition_that_is_null_is_an_error_of_its_field(
    stages: Stages, document: str, expected: set[str], planning: bool
) -> None:
    answer = await stages.ask(0, BY_NAME["TEACHER"], document, refused=True, planning=planning, n=None)
    assert set(answer.redactions) == expected


async def test_nobody_who_has_not_signed_in_is_told(stages: Stages) -> None:
    answer = await run(stages.database, None, "{ students { nodes { caste } } }", {}, refused=True)
    assert (answer.refusal[0], answer.redactions) == ("UNAUTHENTICATED", {})


@pytest.mark.parametrize("field", ['student(id: "x") { id }', 'node(id: "x") { id }', 'nodes(ids: ["x"]) { id }'])
@pytest.mark.parametrize("planning", [True, False])
async def test_signing_in_comes_before_whatever_is_wrong(stages: Stages, field: str, planning: bool) -> None:
    answer = await run(stages.database, None, f"{{ {field} }}", {}, refused=True, planning=planning)
    assert answer.refusal[0] == "UNAUTHENTICATED"


def test_who_is_hidden_nothing_from() -> None:
    """Nothing is worked out for them."""
    assert not hides(frozenset({Role.ADMIN}))
    assert not hides(frozenset({Role.SUPERADMIN, Role.TEACHER}))
    assert all(hides(frozenset({role})) for role in set(Role) - {Role.ADMIN, Role.SUPERADMIN})
    assert hides(frozenset())
