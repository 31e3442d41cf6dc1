"""The table of columns, and what is refused or shown by it."""

import re

import pytest
from graphql import GraphQLNonNull

from models import AccessEntry, Attendance, Base, FamilyInfo, Grade, Role, SchoolYear, Student, User
from models.computed import Computed, declaration, pointed_to
from resolvers.access import audiences, scope
from resolvers.access.rules import ANYONE, RULES
from resolvers.policy import POLICY, _parse, readers, reason, row_readers, shown_as
from schema.reads import Column, Pages, RelatedPages, ToMany
from tests.reading.test_filters import column_of, filters
from tests.reading.walking import order_columns
from tests.schema_map import entities, fields_reading, lists, object_type, reads, relations, type_of

pytestmark = pytest.mark.any_database

PERSONAL = {"student", "guardian", "student_guardian", "family_info", "app_user"}
# What no client reads of these tables: keys, twins for look-ups, what is sealed, who changed a row, when it retired.
UNREAD = re.compile(r"(institution_)?id|\w+_(folded|index|sealed|by)|search_text|password_hash|deleted_at")


@pytest.mark.parametrize("model", entities(), ids=type_of)
def test_every_value_that_clients_read_has_a_line(model: type[Base]) -> None:
    for name, read in fields_reading(type_of(model), Column).items():
        assert (model, read.name) in POLICY, name


@pytest.mark.parametrize("model", lists(), ids=type_of)
def test_everything_that_lists_are_sorted_by_has_a_line(model: type[Base]) -> None:
    for column in order_columns(model).values():
        assert (model, column) in POLICY, column


@pytest.mark.parametrize("table", sorted(PERSONAL))
def test_every_column_about_a_person_has_a_line(table: str) -> None:
    """One that is added to the table stays hidden until somebody decides who sees it, and fails here."""
    model = next(each for each in entities() if each.__tablename__ == table)
    named = [column.name for column in model.__table__.columns if not column.foreign_keys]
    for base in model.__mro__:
        named += [name for name, said in vars(base).items() if isinstance(said, Computed) and not said.target]
    for name in named:
        assert UNREAD.fullmatch(name) or (model, name) in POLICY, name


@pytest.mark.parametrize("model", entities(), ids=type_of)
def test_what_may_be_hidden_may_be_null(model: type[Base]) -> None:
    for name, field in object_type(type_of(model)).fields.items():
        read = reads(field)
        if isinstance(read, Column) and RULES[model].keys() - POLICY[model, read.name]:
            assert not isinstance(field.type, GraphQLNonNull), name


@pytest.mark.parametrize("model", entities(), ids=type_of)
def test_what_lists_are_sorted_by_of_themselves_is_always_shown(model: type[Base]) -> None:
    """A list nobody gave an order to must not tell a hidden value by its order, or by its cursors."""
    orders = [read.default for read in fields_reading("Query", Pages).values() if read.model is model]
    for other in entities():
        orders += [
            read.batch.order
            for read in relations(other).values()
            if read.batch.model is model and isinstance(read, ToMany | RelatedPages)
        ]
    for role in Role:
        for order in orders if audiences(model, frozenset({role})) else ():
            assert [shown_as(model, step.column, frozenset({role})) for step in order] == [None] * len(order)


def test_filters_compare_values_that_clients_can_read() -> None:
    for model in lists():
        for name in filters(model):
            column = column_of(model, name)
            leads = column == "id" or pointed_to(model, column) is not None
            assert leads or (model, column) in POLICY, f"{type_of(model)}.{name}"


def test_a_model_or_column_without_a_line_is_hidden() -> None:
    class Unheard(Base):
        __abstract__ = True

    assert audiences(Unheard, frozenset(Role)) == frozenset()
    assert str(scope(Unheard, Unheard, frozenset(Role))) == "false"
    assert shown_as(User, "password_hash", frozenset(Role)) == frozenset()
    assert shown_as(Student, "national_id_index", frozenset({Role.ADMIN})) == frozenset()


Roles = set[Role]
ROWS: list[tuple[type[Base], str, Roles, set[str] | frozenset[str] | None]] = [
    (Student, "caste", {Role.ADMIN}, None),
    (Student, "caste", {Role.SUPERADMIN}, None),
    (Student, "caste", {Role.TEACHER}, frozenset()),
    (Student, "caste", {Role.TEACHER, Role.GUARDIAN}, {"GUARDIAN"}),
    (Student, "caste", {Role.TEACHER, Role.GUARDIAN, Role.REPORTER}, None),
    (Student, "national_id", {Role.REPORTER, Role.GUARDIAN}, frozenset()),
    (User, "preferences", {Role.REGISTRAR}, {ANYONE}),
    (User, "email", {Role.TEACHER, Role.STUDENT}, {ANYONE, "TEACHER"}),
    (User, "email", set(), None),
    (FamilyInfo, "poverty_card", {Role.STUDENT}, frozenset()),
    (FamilyInfo, "student_id", {Role.STUDENT}, frozenset()),
    (Grade, "graded_by_id", {Role.STUDENT}, None),
    (Attendance, "code", {Role.GUARDIAN}, None),
]


@pytest.mark.parametrize(("model", "name", "roles", "shown"), ROWS)
def test_roles_add_up_by_row_and_column(model: type[Base], name: str, roles: set[Role], shown: set[str] | None) -> None:
    assert shown_as(model, name, frozenset(roles)) == shown


def test_reasons() -> None:
    assert readers(Student, "national_id") == "Shown to ADMIN and REGISTRAR."
    assert readers(User, "email") == "Shown to ADMIN, REGISTRAR, TEACHER and REPORTER; to everybody on the own account."
    assert row_readers(Grade) == (
        "Seen by ADMIN, REGISTRAR and REPORTER; TEACHER: those of courses taught; GUARDIAN: those of own children; "
        "STUDENT: the own ones."
    )
    assert row_readers(SchoolYear) == "Everybody who has signed in sees them all."
    assert row_readers(AccessEntry) == "Seen by ADMIN."
    assert reason(FamilyInfo) == "Shown to ADMIN, REGISTRAR, REPORTER and GUARDIAN."
    assert reason(User, "email", frozenset({ANYONE})) == "Shown only on the own account."


@pytest.mark.parametrize(
    "table", ["SchoolYear\n    all: code code", "SchoolYear\n    all: codes", "SchoolYear\n    all: __init__x"]
)
def test_a_slip_in_the_table_stops_the_start(table: str) -> None:
    assert declaration(SchoolYear, "code") is not None
    with pytest.raises(ValueError, match=r"SchoolYear\.\w+, which is unknown or has a line already"):
        _parse(table)
