"""From a document's text to the operation that is run."""

import pytest

from app.documents import Documents, Recent
from app.engine import RULES, Engine
from app.failures import Refusal
from app.main import limits_of
from app.settings import Settings
from tests.http import sample
from tests.http.conftest import Api, only_error

TWO = 'query A { echo(text: "a") } mutation B { note(text: "b") }'


async def test_several_operations_need_a_name(api: Api) -> None:
    response = await api.post('mutation A { note(text: "first") } mutation B { note(text: "second") }')

    assert response.status_code == 400
    assert only_error(response) == (
        "OPERATION_RESOLUTION_FAILURE",
        "The document has several operations: `operationName` must be one of `A`, `B`",
    )
    assert not {"first", "second"} & set(sample.notes)


async def test_the_named_operation_is_run(api: Api) -> None:
    assert (await api.post(TWO, operationName="A")).json() == {"data": {"echo": "a"}}
    assert (await api.post(TWO, operationName="B")).json() == {"data": {"note": "b"}}


@pytest.mark.parametrize("name", ["C", "a", ""])
async def test_an_unknown_operation(api: Api, name: str) -> None:
    response = await api.post(TWO, operationName=name)

    assert only_error(response) == (
        "OPERATION_RESOLUTION_FAILURE",
        f"The document has no operation named `{name}`, only `A`, `B`",
    )


async def test_a_name_for_an_anonymous_operation(api: Api) -> None:
    response = await api.post("{ __typename }", operationName="A")

    assert only_error(response)[1] == "The document has no operation named `A`"


async def test_a_document_of_fragments_only(api: Api) -> None:
    response = await api.post("fragment F on Query { __typename }")

    assert response.status_code == 400
    assert only_error(response)[0] == "GRAPHQL_VALIDATION_FAILED"


async def test_syntax_errors_say_where(api: Api) -> None:
    error = (await api.post("{\n  echo(text: ) }")).json()["errors"][0]

    assert error["message"] == "Syntax Error: Unexpected ')'."
    assert error["locations"] == [{"line": 2, "column": 14}]
    assert error["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}


@pytest.mark.parametrize("query", ["", "   ", "# nothing", "{", "query", "\x00{ a }", "{ a }}", "type A { b: Int }"])
async def test_what_is_no_operation(api: Api, query: str) -> None:
    response = await api.post(query)

    assert response.status_code == 400
    assert only_error(response)[0] in {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ('{ ech(text: "x") }', "'echo'"),
        ('{ echo(txt: "x", text: "y") }', "'text'"),
        ("{ season(season: SUMER) }", "SUMMER"),
        ('{ filtered(filter: {word: "x"}) }', "words"),
        ("query($f: Fillter) { __typename }", "'Filter'"),
        ("{ __typename @skp(if: true) }", "skip"),
        ("{ ...on Persn { name } }", "Person"),
    ],
)
async def test_no_error_suggests_what_else_there_is(api: Api, query: str, hint: str) -> None:
    content = (await api.post(query)).text

    assert "GRAPHQL_VALIDATION_FAILED" in content
    assert "Did you mean" not in content
    assert hint not in content


async def test_no_error_about_variables_suggests_what_else_there_is(api: Api) -> None:
    season = await api.post("query($s: Season!) { season(season: $s) }", variables={"s": "SUMER"})
    word = await api.post("query($f: Filter!) { filtered(filter: $f) }", variables={"f": {"word": "x"}})

    for response in (season, word):
        assert only_error(response)[0] == "BAD_USER_INPUT"
        assert "Did you mean" not in response.text
        assert "SUMMER" not in response.text
        assert "words" not in response.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{ day(date: "2026-02-31") }', "2026-02-31"),
        ("{ add(left: 2147483648) }", "2147483648"),
        ('{ echo(text: "a\\u0000b") }', "U+0000"),
        ('{ echo(text: "a\\u{0}b") }', "U+0000"),
    ],
)
async def test_literals_that_do_not_fit_are_named(api: Api, query: str, message: str) -> None:
    code, text = only_error(await api.post(query))

    assert code in {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    assert message in text


@pytest.mark.parametrize("key", ["{}", '{number: 1, name: "x"}'])
async def test_one_of_several_keys_means_exactly_one(api: Api, key: str) -> None:
    body = (await api.post(f"{{ find(key: {key}) }}")).json()

    assert body["data"] is None
    assert [error["extensions"]["code"] for error in body["errors"]] == ["BAD_USER_INPUT"]
    assert "Internal" not in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("query($v: Date!) { day(date: $v) }", "2026-02-31"),
        ("query($v: Int!) { add(left: $v) }", 2**31),
        ("query($v: Int!) { add(left: $v) }", "7"),
        ("query($v: Key!) { find(key: $v) }", {"number": 1, "name": "x"}),
        ("query($v: Key!) { find(key: $v) }", {"number": None}),
        ("query($v: Filter!) { filtered(filter: $v) }", {"words": None}),
    ],
)
async def test_variables_that_do_not_fit_are_named(api: Api, query: str, value: object) -> None:
    body = (await api.post(query, variables={"v": value})).json()

    assert body.get("data") is None
    assert [error["extensions"]["code"] for error in body["errors"]] == ["BAD_USER_INPUT"]
    assert "Internal" not in body["errors"][0]["message"]


def documents() -> Documents:
    return Documents(Engine(sample.schema), limits_of(Settings()))


def test_a_text_is_judged_once() -> None:
    known = documents()

    assert known.load("{ __typename }") is known.load("{ __typename }")
    assert known.load("{ __typename }") is not known.load("{ __typename  }")


def test_a_refused_text_is_judged_once_and_raised_afresh() -> None:
    known = documents()
    with pytest.raises(Refusal) as first:
        known.load("{ nothing }")
    with pytest.raises(Refusal) as second:
        known.load("{ nothing }")

    assert first.value is not second.value
    assert first.value.errors is second.value.errors


def test_the_rules_are_the_same_for_every_document() -> None:
    assert len(RULES) == len(set(RULES))
    assert all(isinstance(rule, type) for rule in RULES)


def test_the_least_recently_used_goes_first() -> None:
    recent: Recent[int] = Recent(budget=6, longest=4)
    recent.put("aa", 1)
    recent.put("bb", 2)
    recent.put("cc", 3)
    assert recent.get("aa") == 1

    recent.put("dd", 4)

    assert [recent.get(text) for text in ("aa", "bb", "cc", "dd")] == [1, None, 3, 4]
    assert recent.size == 6


def test_what_is_too_long_is_not_kept() -> None:
    recent: Recent[int] = Recent(budget=6, longest=4)
    recent.put("aaaa", 1)
    recent.put("bbbbb", 2)
    recent.put("aaaa", 3)

    assert (recent.get("aaaa"), recent.get("bbbbb"), recent.size) == (3, None, 4)
