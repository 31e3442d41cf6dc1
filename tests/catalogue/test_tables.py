"""Rules for every table, read from the catalogue of the migrated database."""

from sqlalchemy import Table

from models import Base, Record, Retirable
from tests.catalogue.reading import Catalogue

# The tenant itself: what it is known by is unique over the deployment.
INSTITUTION = "institution"
KEYS = {INSTITUTION: ["id"], "attendance": ["institution_id", "id", "date"]}
# Which institution a session or an operator acts in: another than the row's own.
ACTING = {("session", "acting_institution_id"), ("user_institution", "acting_institution_id")}
# An account's record is looked up while it is in use, and no account is ever removed.
IN_USE = {("student", "user_id"), ("guardian", "user_id")}
CASCADING = {
    ("course_subject", "course_id"),
    ("course_teacher", "course_id"),
    ("grading_scale_band", "grading_scale_id"),
    ("reset_token", "user_id"),
    ("session", "user_id"),
    ("student_guardian", "guardian_id"),
    ("student_guardian", "student_id"),
    ("user_institution", "user_id"),
    ("user_role", "user_id"),
}
STAMPS = {
    "created_at": "timestamp with time zone",
    "updated_at": "timestamp with time zone",
    "created_by": "bigint",
    "updated_by": "bigint",
    "version": "integer",
}
NO_ACTION, RESTRICT, CASCADE = "a", "r", "c"


def modelled() -> dict[str, Table]:
    return dict(Base.metadata.tables)


async def test_the_tables_are_those_of_the_models(catalogue: Catalogue) -> None:
    assert await catalogue.tables() == set(modelled())


async def test_every_table_is_of_one_institution(catalogue: Catalogue) -> None:
    found = {(row["table"], row["name"]): row for row in await catalogue.columns()}
    for table in await catalogue.tables() - {INSTITUTION}:
        tenant = found[table, "institution_id"]
        assert (tenant["type"], tenant["required"]) == ("bigint", True), table
        assert (found[table, "id"]["type"], found[table, "id"]["identity"]) == ("bigint", b"d"), table


async def test_primary_keys_begin_with_the_tenant(catalogue: Catalogue) -> None:
    keys = {row["table"]: row["columns"] for row in await catalogue.constraints("p")}
    assert keys == {name: KEYS.get(name, ["institution_id", "id"]) for name in await catalogue.tables()}


async def test_what_is_unique_is_so_within_one_institution(catalogue: Catalogue) -> None:
    for row in [*await catalogue.constraints("u", "x"), *(i for i in await catalogue.indexes() if i["unique"])]:
        assert "institution_id" in row["columns"] or row["table"] == INSTITUTION, row["name"]


async def test_foreign_keys_stay_within_one_institution(catalogue: Catalogue) -> None:
    for row in await catalogue.constraints("f"):
        pairs = dict(zip(row["columns"], row["target_columns"], strict=True))
        if row["target"] == INSTITUTION:
            (column,) = pairs
            assert column == "institution_id" or (row["table"], column) in ACTING, row["name"]
        else:
            assert pairs["institution_id"] == "institution_id", row["name"]


async def test_foreign_keys_forbid_removal_but_for_those_that_cascade(catalogue: Catalogue) -> None:
    """What points to an institution has no action, which forbids as well."""
    cascading = set()
    for row in await catalogue.constraints("f"):
        assert row["on_update"] == NO_ACTION, row["name"]
        if row["on_delete"] == CASCADE:
            cascading.add((row["table"], row["columns"][-1]))
        else:
            assert row["on_delete"] == (NO_ACTION if row["target"] == INSTITUTION else RESTRICT), row["name"]
    assert cascading == CASCADING


async def test_foreign_keys_have_an_index(catalogue: Catalogue) -> None:
    """One that begins with their columns and holds every row."""
    indexes = [row for row in await catalogue.indexes() if row["condition"] is None and row["method"] == "btree"]
    for key in await catalogue.constraints("f"):
        columns = set(key["columns"])
        served = [
            index
            for index in indexes
            if index["table"] == key["table"] and set(index["columns"][: len(columns)]) == columns
        ]
        assert served or (key["table"], key["columns"][-1]) in ACTING | IN_USE, key["name"]


async def test_texts_have_a_maximum(catalogue: Catalogue) -> None:
    """All but what a search looks into, which is made of texts that have one."""
    unlimited = set()
    for row in await catalogue.columns():
        if row["type"] == "character varying":
            assert row["modifier"] > 4, (row["table"], row["name"])
        elif row["type"] in ("text", "text[]", "character varying[]"):
            unlimited.add((row["name"], row["generated"]))
    assert unlimited == {("search_text", True)}


ALLOWED = {
    "bigint",
    "boolean",
    "bytea",
    "character varying",
    "date",
    "integer",
    "jsonb",
    "numeric",
    "smallint",
    "bigint[]",
    "smallint[]",
    "text",
    "timestamp with time zone",
}


async def test_types_are_few_and_exact(catalogue: Catalogue) -> None:
    """No float, no money, no instant without a time zone, no type of our own."""
    assert {row["type"] for row in await catalogue.columns()} == ALLOWED
    for row in await catalogue.columns():
        if row["type"] == "numeric":
            assert row["modifier"] > 4, (row["table"], row["name"])
    own = "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')"
    assert await catalogue.names(own) == []


async def test_records_carry_their_stamps_and_version(catalogue: Catalogue) -> None:
    found = {(row["table"], row["name"]): row["type"] for row in await catalogue.columns()}
    for mapper in Base.registry.mappers:
        table = mapper.class_.__tablename__
        stamps = {name: found.get((table, name)) for name in STAMPS}
        if issubclass(mapper.class_, Record):
            assert stamps == STAMPS, table
        elif table != INSTITUTION:
            assert "version" not in mapper.columns, table
        assert ((table, "deleted_at") in found) == issubclass(mapper.class_, Retirable), table


async def test_everything_is_explained(catalogue: Catalogue) -> None:
    for row in await catalogue.columns():
        assert row["comment"] == modelled()[row["table"]].columns[row["name"]].comment, (row["table"], row["name"])
        assert row["comment"], (row["table"], row["name"])
    for name, table in modelled().items():
        (comment,) = await catalogue.names("SELECT obj_description($1::text::regclass, 'pg_class')", name)
        assert comment == table.comment
        assert comment


async def test_constraints_and_indexes_are_named_by_one_convention(catalogue: Catalogue) -> None:
    prefixes = {"p": "pk", "u": "uq", "f": "fk", "c": "ck", "x": "ex"}
    for row in await catalogue.constraints():
        assert row["name"].startswith(f"{prefixes[row['kind']]}_{row['table']}"), row["name"]
    constraints = {row["name"] for row in await catalogue.constraints()}
    for row in await catalogue.indexes():
        assert row["name"] in constraints or row["name"].startswith(f"ix_{row['table']}_"), row["name"]
        assert len(row["name"]) <= 63


async def test_texts_are_compared_alike_everywhere(catalogue: Catalogue) -> None:
    """By the database's collation, which is C: no library of the system, or of another version, sorts differently."""
    collations = "SELECT DISTINCT collname FROM pg_collation WHERE oid = ANY($1::oid[])"
    used = {row["collation"] for row in await catalogue.columns()} - {0}
    assert await catalogue.names(collations, list(used)) == ["default"]
    locale = "SELECT datlocprovider::text, datcollate, datctype FROM pg_database WHERE datname = current_database()"
    assert [tuple(row) for row in await catalogue.rows(locale)] == [("c", "C", "C.UTF-8")]


async def test_nothing_happens_behind_a_statement(catalogue: Catalogue) -> None:
    """No trigger and no rule; a view would have to check as its caller."""
    triggers = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    rules = "SELECT rulename FROM pg_rewrite WHERE ev_class IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p'))"
    views = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
               AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'"""
    for question in (triggers, rules, views):
        assert await catalogue.names(question) == []
