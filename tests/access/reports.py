"""Reports as `who_sees_which_report.csv` has them, and the questions that are put to each.

A line is a root field that reads no records by itself, and stands for all types and fields below it. Its cells say of
whom it is: `everybody` of the school, those of `own courses` or `own children`, `self`, `nobody`; `refused`; or
`no student`, where it is about none at all.
"""

import csv
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from models import Role
from resolvers.viewer import Viewer
from schema.reads import Made
from tests.schema_map import entities, object_type, reads, type_of

PATH = Path(__file__).parent / "who_sees_which_report.csv"
ABSENT = {"student": "stu_999999999", "course": "crs_999999999", "semester": "sem_999999999"}
NODES = {"node", "nodes"}


@cache
def report_sheet() -> dict[str, dict[str, str]]:
    """The cells by report and role."""
    with PATH.open(newline="") as file:
        lines = list(csv.DictReader(file))
    found = {line.pop("report"): line for line in lines}
    assert len(found) == len(lines), "a line comes twice"
    assert all(set(line) == {role.value for role in Role} for line in found.values())
    return found


def report_fields() -> set[str]:
    """The root fields that `who_sees_what.csv` says nothing of."""
    fields = object_type("Query").fields.items()
    return {name for name, field in fields if isinstance(reads(field), Made | None)} - NODES


def _selected(kind: GraphQLObjectType, above: tuple[str, ...]) -> Iterator[str]:
    shown = {type_of(model) for model in entities()}
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if any(is_required_argument(each) for each in field.args.values()):
            raise AssertionError(f"{kind.name}.{name} must be told how to be asked for")
        if is_leaf_type(below):
            yield name
        elif below.name in shown:
            yield f"{name} {{ id }}"
        elif below.name not in above:
            assert isinstance(below, GraphQLObjectType), below
            yield f"{name} {{ {' '.join(_selected(below, (*above, below.name)))} }}"


@cache
def document(report: str) -> str:
    """All that there is of a report, records by their ids alone; takes the report's arguments as variables."""
    field = object_type("Query").fields[report]
    kind = get_named_type(field.type)
    variables = ", ".join(f"${name}: {each.type}" for name, each in field.args.items())
    given = ", ".join(f"{name}: ${name}" for name in field.args)
    if is_leaf_type(kind):
        below = ""
    elif kind.name in {type_of(model) for model in entities()}:
        below = "{ id }"
    else:
        assert isinstance(kind, GraphQLObjectType)
        below = f"{{ {' '.join(_selected(kind, (kind.name,)))} }}"
    asked = f"({variables})" if variables else ""
    return f"query {asked} {{ {report}{f'({given})' if given else ''} {below} }}"


def named(answer: Any) -> set[str]:
    """Ids of the students whom an answer names."""
    if isinstance(answer, list):
        return set().union(*map(named, answer))
    if not isinstance(answer, dict):
        return set()
    mine = {answer["student"]["id"]} if isinstance(answer.get("student"), dict) else set()
    return mine.union(*map(named, answer.values()))


@dataclass(frozen=True)
class Asking:
    """One school: who asks, whom they see by the cells, and what can be asked for.

    `seen` are the ids of students by phrase, and of the `courses` all but those `unseen` by whoever does not see
    everybody. `given` are arguments with one value, `students` and `courses` the ids
    that are asked for one by one.
    """

    viewers: Mapping[Role, Viewer]
    seen: Mapping[str, set[str]]
    given: Mapping[str, Any]
    students: list[str]
    courses: list[str]
    unseen: frozenset[str] = frozenset()

    def expected(self, said: str, question: Mapping[str, Any], everybody: set[str]) -> set[str]:
        """Whom of everybody the answer to a question names, by a cell."""
        hidden = said != "everybody" and question.get("course") in self.unseen
        return set() if hidden else everybody & self.seen.get(said, set())

    def questions(self, report: str) -> list[dict[str, Any]]:
        """Values of a report's arguments; those that may be left out are, too."""
        args = object_type("Query").fields[report].args
        values = {"student": self.students, "course": self.courses}
        several = {
            name: values[name] if is_required_argument(args[name]) else [None, *values[name]]
            for name in values
            if name in args
        }
        single = {name: value for name, value in self.given.items() if name in args}
        found = [single | dict(zip(several, each, strict=True)) for each in itertools.product(*several.values())]
        return [each for each in found if report != "attendanceSummary" or each["student"] or each["course"]]


def elsewhere(question: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The same question with the ids of `other`."""
    return {name: other[name] if name in other and value is not None else value for name, value in question.items()}
