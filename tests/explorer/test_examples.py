"""The saved example queries fit the schema that is committed."""

import json
import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate

from app.explorer_routes import DIST

SOURCE = DIST.parent / "src"
EXAMPLES = sorted((SOURCE / "examples").glob("*.graphql"))
SDL = DIST.parents[2] / "schema" / "schema.graphql"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(SDL.read_text())


def operation(path: Path) -> OperationDefinitionNode:
    (node,) = parse(path.read_text()).definitions
    assert isinstance(node, OperationDefinitionNode)
    return node


@pytest.mark.parametrize("path", [*EXAMPLES, SOURCE / "samples.graphql"], ids=lambda path: path.stem)
def test_it_is_valid(path: Path, schema: GraphQLSchema) -> None:
    assert validate(schema, parse(path.read_text())) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_its_variables_are_those_it_declares(path: Path) -> None:
    line = re.search(r"^# variables: (.+)$", path.read_text(), re.MULTILINE)
    given = json.loads(line[1]) if line else {}
    assert set(given) == {each.variable.name.value for each in operation(path).variable_definitions or ()}


def test_each_of_the_ten_questions_has_an_example() -> None:
    titles = [path.read_text().split("\n", 1)[0] for path in EXAMPLES]
    matches = [re.fullmatch(r"# (\d+)\. \S.+", title) for title in titles]
    assert {int(match[1]) for match in matches if match} == set(range(1, 11))
    assert all(matches)
    assert len(set(titles)) == len(titles)


def test_each_operation_has_a_name_of_its_own() -> None:
    names = [node.name.value for node in map(operation, EXAMPLES) if node.name]
    assert len(set(names)) == len(EXAMPLES)
