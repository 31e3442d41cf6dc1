"""Each limit: what is as large as it passes, what is one larger is refused by its name."""

from collections.abc import Callable

import pytest
from graphql import get_introspection_query

from tests.http.conftest import Api, limited, only_error


def aliases(count: int) -> str:
    return "{ " + " ".join(f"a{number}: __typename" for number in range(count)) + " }"


def depth(levels: int) -> str:
    return "{ person " + "{ friend " * (levels - 2) + "{ name " + "} " * levels


def depth_by_fragments(levels: int) -> str:
    """Each fragment adds one level."""
    fragments = [f"fragment F{level} on Person {{ friend {{ ...F{level + 1} }} }}" for level in range(levels - 2)]
    return "{ person { ...F0 } } " + " ".join(fragments) + f" fragment F{levels - 2} on Person {{ name }}"


def aliases_by_fragments(count: int) -> str:
    """One alias is written, and it counts wherever its fragment is used."""
    uses = " ".join("person { ...F }" for _ in range(count))
    return f"{{ {uses} }} fragment F on Person {{ other: name }}"


def root_fields(count: int) -> str:
    return "{ " + "__typename " * count + "}"


def root_fields_by_fragments(count: int) -> str:
    return "{ " + "...F " * count + "} fragment F on Query { __typename }"


def mutations(count: int) -> str:
    return "mutation { " + 'note(text: "limit") ' * count + "}"


def fields(count: int) -> str:
    return "{ person { " + "name " * (count - 1) + "} }"


def directives(count: int) -> str:
    return "{ " + "__typename @include(if: true) " * count + "}"


def directives_in_one_place(count: int) -> str:
    return "query " + "@skip(if: true) " * count + "{ __typename }"


def tokens(count: int) -> str:
    return "{ " + "__typename " * (count - 2) + "}"


def characters(count: int) -> str:
    return "{ __typename }".ljust(count)


@pytest.mark.parametrize(
    ("setting", "document", "message"),
    [
        ("max_aliases", aliases, "The operation has 7 aliases; at most 6 are allowed"),
        ("max_aliases", aliases_by_fragments, "The operation has 7 aliases; at most 6 are allowed"),
        ("max_depth", depth, "The operation has 7 levels; at most 6 are allowed"),
        ("max_depth", depth_by_fragments, "The operation has 7 levels; at most 6 are allowed"),
        ("max_root_fields", root_fields, "The operation has 7 fields at its root; at most 6 are allowed"),
        ("max_root_fields", root_fields_by_fragments, "The operation has 7 fields at its root; at most 6 are allowed"),
        ("max_mutations", mutations, "The operation has 7 fields at its root; at most 6 are allowed"),
        ("max_fields", fields, "The operation has 7 fields; at most 6 are allowed"),
        ("max_directives", directives, "There are 7 or more directives in the document; at most 6 are allowed"),
        (
            "max_directives_per_place",
            directives_in_one_place,
            "There are 7 or more directives in one place; at most 6 are allowed",
        ),
    ],
)
async def test_n_passes_and_one_more_does_not(setting: str, document: Callable[[int], str], message: str) -> None:
    async with limited(**{setting: 6}) as api:
        largest = await api.post(document(6))
        refused = await api.post(document(7))

    assert message.replace("7", "6") not in largest.text
    assert "at most 6 are allowed" not in largest.text
    assert refused.status_code == 400
    assert only_error(refused) == ("GRAPHQL_VALIDATION_FAILED", message)


@pytest.mark.parametrize(("setting", "document"), [("max_tokens", tokens), ("max_characters", characters)])
async def test_the_parser_stops_at_its_limits(setting: str, document: Callable[[int], str]) -> None:
    async with limited(**{setting: 20}) as api:
        assert (await api.post(document(20))).status_code == 200
        refused = await api.post(document(21))

    assert refused.status_code == 400
    assert only_error(refused)[0] == "GRAPHQL_PARSE_FAILED"
    assert "20" in only_error(refused)[1]


async def test_the_usual_limits(api: Api) -> None:
    for document, most in ((aliases, 20), (depth, 15), (root_fields, 20), (mutations, 10)):
        assert "data" in (await api.post(document(most))).json()
        assert only_error(await api.post(document(most + 1)))[0] in {
            "GRAPHQL_VALIDATION_FAILED",
            "GRAPHQL_PARSE_FAILED",
        }


async def test_only_so_many_errors_are_reported() -> None:
    async with limited(max_reported_errors=3) as api:
        errors = (await api.post("{ a b c d e f }")).json()["errors"]

    assert len(errors) == 3


async def test_the_introspection_of_tools_passes(api: Api) -> None:
    query = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    response = await api.post(query)

    assert response.status_code == 200
    assert "errors" not in response.json()
    assert response.json()["data"]["__schema"]["queryType"]["name"] == "Query"


async def test_fragments_that_double_each_other_are_counted_and_not_opened(api: Api) -> None:
    doubled = " ".join(
        f"fragment F{level} on Person {{ friend {{ ...F{level + 1} }} other: friend {{ ...F{level + 1} }} }}"
        for level in range(200)
    )
    async with limited(max_depth=1000, max_tokens=100_000) as api:
        response = await api.post(f"{{ person {{ ...F0 }} }} {doubled} fragment F200 on Person {{ name }}")

    assert only_error(response)[0] == "GRAPHQL_VALIDATION_FAILED"


async def test_fragments_in_fragments_cannot_use_up_the_stack(api: Api) -> None:
    chain = " ".join(f"fragment F{number} on Person {{ ...F{number + 1} }}" for number in range(600))
    response = await api.post(f"{{ person {{ ...F0 }} }} {chain} fragment F600 on Person {{ name }}")

    assert only_error(response) == ("GRAPHQL_VALIDATION_FAILED", "Selections are nested more than 200 levels deep")


async def test_fragments_inside_themselves_are_for_the_standard_to_report(api: Api) -> None:
    response = await api.post("{ person { ...F } } fragment F on Person { friend { ...F } }")

    assert only_error(response) == ("GRAPHQL_VALIDATION_FAILED", "Cannot spread fragment 'F' within itself.")


@pytest.mark.parametrize("nesting", ["{ person " * 3000, "{ ... " * 3000, "{ echo(text: " + "[" * 3000])
async def test_nesting_cannot_use_up_the_parsers_stack(api: Api, nesting: str) -> None:
    response = await api.post(nesting)

    assert response.status_code == 400
    assert only_error(response)[0] == "GRAPHQL_PARSE_FAILED"
