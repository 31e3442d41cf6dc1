"""What /export is asked for, and how it says what is wrong with that."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.http.conftest import client_of
from tests.tables.exporting import Asker, column, table_of

pytestmark = pytest.mark.any_database

NAMES = "query Roll { students { nodes { studentNumber } } }"
FORM = "application/x-www-form-urlencoded"
OWN_PAGE = {"cookie": "schoolgraph=admin", "sec-fetch-site": "same-origin", "host": "127.0.0.1:8000"}


async def test_a_page_s_form_brings_the_cookie(asker: Asker) -> None:
    fields = {"query": NAMES, "variables": "{}", "format": "CSV", "bom": "true", "delimiter": "semicolon", "lists": ""}
    async with client_of(asker.app) as client:
        headers = {**OWN_PAGE, "content-type": FORM}
        answer = await client.post("/export", content=urlencode(fields), headers=headers)

    assert answer.content.startswith("\ufeffstudentNumber\r\n".encode())
    assert len(table_of(answer, ";")) == 51


async def test_a_link_of_an_own_page_brings_the_cookie(asker: Asker) -> None:
    async with client_of(asker.app) as client:
        answer = await client.get("/export", params={"query": NAMES, "format": "ndjson"}, headers=OWN_PAGE)

    assert answer.status_code == 200
    assert len(answer.content.splitlines()) == 50


async def test_a_form_may_bring_the_token_itself(asker: Asker) -> None:
    async with client_of(asker.app) as client:
        fields = urlencode({"query": NAMES, "token": "admin"})
        answer = await client.post("/export", content=fields, headers={"content-type": FORM})
        wrong = urlencode({"query": NAMES, "token": "nobody's"})
        refused = await client.post("/export", content=wrong, headers={"content-type": FORM})
        in_a_link = await client.get("/export", params={"query": NAMES, "token": "admin"})

    assert len(table_of(answer)) == 51
    assert refused.status_code == 401
    assert in_a_link.status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer nobody's"}, 401),
        ({**OWN_PAGE, "sec-fetch-site": "cross-site"}, 403),
        ({**OWN_PAGE, "sec-fetch-site": "none"}, 403),
        ({"cookie": "schoolgraph=admin", "host": "127.0.0.1:8000"}, 403),
    ],
    ids=["nobody", "bad token", "foreign page", "typed address", "no page"],
)
async def test_whoever_has_not_signed_in_gets_nothing(
    asker: Asker, method: str, headers: dict[str, str], status: int
) -> None:
    sent: dict[str, Any] = {"params": {"query": NAMES}} if method == "GET" else {"data": {"query": NAMES}}
    async with client_of(asker.app) as client:
        answer = await client.request(method, "/export", headers=headers, **sent)

    assert answer.status_code == status
    assert "STU" not in answer.text
    assert asker.door.contexts == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"format": "pdf"}, "`format` is `pdf`, and must be one of csv, ndjson, xlsx"),
        ({"lists": "some"}, "`lists` is `some`, and must be one of rows, cells"),
        ({"format": 3}, "`format` must be a string"),
        ({"bom": "perhaps"}, "`bom` must be true or false"),
        ({"bom": 1.5}, "`bom` must be true or false"),
        ({"fromat": "csv"}, "`fromat` is no option of an export; there are bom, delimiter, filename, format, lists"),
        ({"format": "ndjson", "lists": "rows"}, "`lists` means nothing for the format NDJSON"),
        ({"format": "xlsx", "delimiter": "tab"}, "`delimiter` means nothing for the format XLSX"),
        ({"query": None}, "`query` is missing: it must be the text of a GraphQL document"),
    ],
)
async def test_an_option_that_makes_no_sense_is_named(asker: Asker, body: dict[str, Any], message: str) -> None:
    given = {"query": NAMES} | body
    assert await asker.refusal(given.pop("query"), **given) == (400, "BAD_USER_INPUT", message)


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        (
            "{ students { nodes { id guardians { relation } } } }",
            "BAD_USER_INPUT",
            "`guardians` is a list, for which a cell has no place: `lists` ROWS gives a row to each of its items, CELLS"
            " puts all into one cell",
        ),
        (
            "{ enrollments { nodes { student { guardians { relation } } } } }",
            "BAD_USER_INPUT",
            "`student.guardians` is a list, for which a cell has no place: `lists` ROWS gives a row to"
            " each of its items, CELLS puts all into one cell",
        ),
        (
            "{ students { totalCount } }",
            "BAD_USER_INPUT",
            "`students` must select its rows once, as `nodes` or as `edges`",
        ),
        (
            "{ students { nodes { id } edges { node { id } } } }",
            "BAD_USER_INPUT",
            "`students` must select its rows once, as `nodes` or as `edges`",
        ),
        ("{ students { edges { cursor } } }", "BAD_USER_INPUT", "`students.edges` must select `node` once"),
        (
            "{ a: students { nodes { id } } courses { nodes { id } } }",
            "BAD_USER_INPUT",
            "An export is of one field at the root of a query, and here are 2: `a`, `courses`",
        ),
        (
            "{ students @skip(if: true) { nodes { id } } }",
            "BAD_USER_INPUT",
            "An export is of one field at the root of a query, and here are 0: none",
        ),
        ("{ students { nodes { id @skip(if: true) } } }", "BAD_USER_INPUT", "Nothing is selected of `students`"),
        (
            "{ nodes(ids: []) { id } }",
            "BAD_USER_INPUT",
            "`nodes` has rows of several types, and so no columns: export a list of one type",
        ),
        ("{ __typename }", "BAD_USER_INPUT", "`__typename` is no list or report"),
        (
            "{ students(last: 3) { nodes { id } } }",
            "BAD_USER_INPUT",
            "last: an export goes forward, so it takes first and after",
        ),
        ("{ students(first: -1) { nodes { id } } }", "BAD_USER_INPUT", "first: -1 is below 0"),
        (
            "mutation { logout { errors { code } } }",
            "OPERATION_RESOLUTION_FAILURE",
            "An export is of a query, not of a mutation",
        ),
        ("{ pupils { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'pupils' on type 'Query'."),
    ],
)
async def test_a_query_that_is_no_table_is_refused(asker: Asker, query: str, code: str, message: str) -> None:
    assert await asker.refusal(query) == (400, code, message)


async def test_variables_are_checked_as_ever(asker: Asker) -> None:
    query = "query ($first: Int!) { students(first: $first) { nodes { id } } }"
    status, code, message = await asker.refusal(query, variables={"first": "many"})
    assert (status, code) == (400, "BAD_USER_INPUT")
    assert message.startswith("Variable '$first' has invalid value")


async def test_a_filter_that_is_forbidden_is_so_here_too(asker: Asker) -> None:
    query = '{ students(where: {caste: {eq: "x"}}) { nodes { id } } }'
    assert (await asker.refusal(query, "teacher"))[:2] == (403, "FORBIDDEN")
    assert (await asker.export(query)).status_code == 200


async def test_first_and_after_say_which_part_of_the_list(asker: Asker) -> None:
    every = column(await asker.table(NAMES), "studentNumber")
    page = (await asker.graphql("{ students(first: 10) { pageInfo { endCursor } } }"))["data"]["students"]
    query = "query ($after: String, $first: Int) { students(first: $first, after: $after) { nodes { studentNumber } } }"
    given = {"after": page["pageInfo"]["endCursor"], "first": 20}

    assert column(await asker.table(query, variables=given), "studentNumber") == every[10:30]
    assert column(await asker.table(query, variables={"after": given["after"]}), "studentNumber") == every[10:]
    assert column(await asker.table(query, variables={"first": 0}), "studentNumber") == []
    assert column(await asker.table(query, variables={"first": 7}), "studentNumber") == every[:7]
    assert column(await asker.table(query), "studentNumber") == every


async def test_the_walk_s_variables_are_none_of_the_query_s(asker: Asker) -> None:
    query = """query ($part: Int, $start: String, $counted: StudentWhere) {
        students(first: $part, after: $start, where: $counted) { nodes { studentNumber } } }"""
    found = column(
        await asker.table(query, variables={"part": 9, "counted": {"status": {"eq": "ACTIVE"}}}), "studentNumber"
    )
    assert len(found) == 9


async def test_fragments_aliases_and_directives_are_the_standard_s(asker: Asker) -> None:
    query = """query Roll($with: Boolean!) { ...Root }
        fragment Root on Query { roll: students(first: 2) { ...Page pageInfo { hasNextPage } totalCount } }
        fragment Page on StudentConnection { nodes { number: studentNumber ...Name } a: nodes @skip(if: true) { id } }
        fragment Name on Student { fullName @include(if: $with) ... on Student { number: studentNumber status } }"""
    found = await asker.table(query, variables={"with": True})
    assert found[0] == ["number", "fullName", "status"]
    assert len(found) == 3
    assert (await asker.table(query, variables={"with": False}))[0] == ["number", "status"]
