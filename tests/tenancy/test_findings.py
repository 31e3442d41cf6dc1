"""Each way past row-level security, made on purpose, is found and its object named."""

import pytest

from app.tenancy.functions import KNOWN
from tests.catalogue.test_rights import MAY_CALL
from tests.tenancy.conftest import Broken

API = "schoolgraph_api"
TENANT = "(NULLIF(current_setting('app.institution_id'::text, true), ''::text))::bigint"
RUNS = "which runs as its owner (SECURITY DEFINER) and is not known: REVOKE EXECUTE ON FUNCTION"
ROLES = [
    (
        [f"ALTER ROLE {API} SUPERUSER"],
        [f"the role {API} is SUPERUSER: it is under no row-level security"],
    ),
    (
        [f"ALTER ROLE {API} BYPASSRLS"],
        [f"the role {API} is BYPASSRLS: it is under no row-level security"],
    ),
    (
        [f"ALTER ROLE {API} CREATEROLE"],
        [f"the role {API} is CREATEROLE: it can make itself a member of other roles"],
    ),
    (
        [f"ALTER ROLE {API} REPLICATION"],
        [f"the role {API} is REPLICATION: it can copy the whole database"],
    ),
    (
        [f"GRANT pg_read_all_data TO {API}"],
        [
            f"the role {API} is a member of pg_read_all_data, which PostgreSQL gives rights to that cross institutions:"
            f" REVOKE pg_read_all_data FROM {API}"
        ],
    ),
    (
        ["CREATE ROLE between", "GRANT pg_write_all_data TO between", f"GRANT between TO {API}"],
        [
            f"the role {API} is a member of pg_write_all_data, which PostgreSQL gives rights to that cross"
            f" institutions: REVOKE pg_write_all_data FROM {API}"
        ],
    ),
    (
        ["CREATE ROLE passing BYPASSRLS", f"ALTER ROLE {API} NOINHERIT", f"GRANT passing TO {API}"],
        [f"the role {API} is a member of passing, which is BYPASSRLS: REVOKE passing FROM {API}"],
    ),
    (
        [f"GRANT postgres TO {API}"],
        [f"the role {API} is a member of postgres, which is SUPERUSER: REVOKE postgres FROM {API}"],
    ),
    (
        [f"GRANT schoolgraph_search TO {API}"],
        [
            f"the role {API} may become schoolgraph_search, which owns"
            " function public.institution_by_code(text) and 3 more"
        ],
    ),
    (
        [f"ALTER TABLE subject OWNER TO {API}"],
        [f"the role {API} owns table public.subject and 1 more"],
    ),
    (
        [f"CREATE SCHEMA own AUTHORIZATION {API}"],
        [f"the role {API} owns schema own", f"the role {API} may create objects in the schema own"],
    ),
    (
        [f"GRANT CREATE ON SCHEMA public TO {API}"],
        [f"the role {API} may create objects in the schema public"],
    ),
]
TABLES = [
    (
        ["ALTER TABLE grade DISABLE ROW LEVEL SECURITY"],
        [
            "the table public.grade has no row-level security: ALTER TABLE public.grade ENABLE ROW LEVEL SECURITY",
            f"the role {API} has a right on public.grade, which is under no row-level security",
            "the role schoolgraph_read has a right on public.grade, which is under no row-level security",
        ],
    ),
    (
        ["CREATE TABLE student_copy AS SELECT * FROM student"],
        [
            "the table public.student_copy has no row-level security:"
            " ALTER TABLE public.student_copy ENABLE ROW LEVEL SECURITY"
        ],
    ),
    (
        ["CREATE SCHEMA side", "CREATE TABLE side.names AS SELECT first_name FROM student",
         f"GRANT SELECT (first_name) ON side.names TO {API}"],
        [f"the role {API} has a right on side.names, which is under no row-level security"],
    ),
    (
        ["DROP POLICY tenant ON enrollment"],
        [
            f"the table public.enrollment has no policy for the role {API}",
            "the table public.enrollment has no policy for the role schoolgraph_read",
        ],
    ),
    (
        ["ALTER POLICY tenant ON student USING (true)"],
        [
            f"the policy tenant on public.student lets the role {role} pass where true,"
            f" not only where (institution_id = {TENANT})"
            for role in (API, "schoolgraph_read")
        ],
    ),
    (
        ["ALTER POLICY tenant ON student WITH CHECK (id > 0)"],
        [
            f"the policy tenant on public.student lets the role {role} pass where (id > 0),"
            f" not only where (institution_id = {TENANT})"
            for role in (API, "schoolgraph_read")
        ],
    ),
    (
        [f"CREATE POLICY more ON institution FOR SELECT TO {API} USING (code = 'ALPHA')"],
        [
            f"the policy more on public.institution lets the role {API} pass where ((code)::text = 'ALPHA'::text),"
            f" not only where (id = {TENANT})"
        ],
    ),
    (
        ["CREATE FUNCTION public.current_setting(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
         "ALTER POLICY tenant ON guardian USING (institution_id ="
         " nullif(public.current_setting('1', 'true'), '')::bigint)"],
        [
            f"the policy tenant on public.guardian lets the role {role} pass where (institution_id ="
            " (NULLIF(public.current_setting('1'::text, 'true'::text), ''::text))::bigint),"
            f" not only where (institution_id = {TENANT})"
            for role in (API, "schoolgraph_read")
        ],
    ),
    (
        ["CREATE VIEW everybody AS SELECT * FROM student", f"GRANT SELECT ON everybody TO {API}"],
        [
            f"the view public.everybody is not security_invoker, and the role {API} has a right on it:"
            " ALTER VIEW public.everybody SET (security_invoker = true)"
        ],
    ),
    (
        ["CREATE VIEW everybody WITH (security_invoker = false) AS SELECT * FROM student",
         "GRANT SELECT (id) ON everybody TO PUBLIC"],
        [
            f"the view public.everybody is not security_invoker, and the role {role} has a right on it:"
            " ALTER VIEW public.everybody SET (security_invoker = true)"
            for role in (API, "schoolgraph_read")
        ],
    ),
    (
        ["CREATE MATERIALIZED VIEW frozen AS SELECT * FROM student", f"GRANT SELECT ON frozen TO {API}"],
        [f"the role {API} has a right on public.frozen, which is under no row-level security"],
    ),
    (
        [f"GRANT SELECT (id) ON attendance_p2025 TO {API}"],
        [
            f"the role {API} has a right on public.attendance_p2025, a partition, where the policies of its table"
            f" do not count: REVOKE ALL ON public.attendance_p2025 FROM {API}"
        ],
    ),
    (
        ["GRANT INSERT ON attendance_pdefault TO schoolgraph_read"],
        [
            "the role schoolgraph_read has a right on public.attendance_pdefault, a partition, where the policies of"
            " its table do not count: REVOKE ALL ON public.attendance_pdefault FROM schoolgraph_read"
        ],
    ),
    (
        [f"GRANT TRUNCATE ON subject TO {API}"],
        [f"the role {API} has the right TRUNCATE on public.subject: REVOKE TRUNCATE ON public.subject FROM {API}"],
    ),
    (
        [f"GRANT UPDATE (after) ON audit_log TO {API}", f"GRANT DELETE ON access_log TO {API}"],
        [
            f"the role {API} has the right DELETE on public.access_log: REVOKE DELETE ON public.access_log FROM {API}",
            f"the role {API} has the right UPDATE on public.audit_log: REVOKE UPDATE ON public.audit_log FROM {API}",
        ],
    ),
]  # fmt: skip
FUNCTIONS = [
    (
        ["CREATE FUNCTION leak(limit_to int) RETURNS SETOF student LANGUAGE sql SECURITY DEFINER"
         " SET search_path = pg_catalog, public, pg_temp AS 'SELECT * FROM public.student LIMIT $1'",
         "REVOKE ALL ON FUNCTION leak FROM PUBLIC", f"GRANT EXECUTE ON FUNCTION leak TO {API}"],
        [f"the role {API} may call public.leak(integer), {RUNS} public.leak(integer) FROM PUBLIC, {API}"],
    ),
    (
        ["ALTER FUNCTION search_ids(text, text[], integer, bigint[], integer) RESET search_path"],
        ["the function public.search_ids(text, text[], integer, bigint[], integer) runs as its owner (SECURITY DEFINER)"
         " without a search_path of its own"],
    ),
    (
        ["ALTER FUNCTION search_ids(text, text[], integer, bigint[], integer) SET search_path = public"],
        ["the function public.search_ids(text, text[], integer, bigint[], integer) runs as its owner (SECURITY DEFINER)"
         " without a search_path of its own"],
    ),
]  # fmt: skip


async def test_nothing_is_found_in_a_database_as_it_is_made(broken: Broken) -> None:
    assert await broken() == []
    assert await broken(role="schoolgraph_read") == []


@pytest.mark.parametrize(("statements", "told"), [*ROLES, *TABLES, *FUNCTIONS])
async def test_what_is_broken_is_named(broken: Broken, statements: list[str], told: list[str]) -> None:
    assert await broken(*statements) == told


async def test_what_is_out_of_reach_is_left_alone(broken: Broken) -> None:
    """A view for somebody else, a policy for another role, a function that nobody may call."""
    assert (
        await broken(
            "CREATE VIEW report AS SELECT count(*) FROM student",
            "CREATE ROLE clerk",
            "GRANT SELECT ON report TO clerk",
            "CREATE POLICY all_of_them ON student TO clerk USING (true)",
            "CREATE POLICY narrow ON student AS RESTRICTIVE TO schoolgraph_api USING (status = 'ACTIVE')",
            "CREATE VIEW own WITH (security_invoker) AS SELECT * FROM student",
            "GRANT SELECT ON own TO schoolgraph_api",
            "CREATE FUNCTION idle() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            "REVOKE ALL ON FUNCTION idle FROM PUBLIC",
        )
        == []
    )


async def test_a_role_of_another_name_is_asked_about_all_that_it_may_become(broken: Broken) -> None:
    member = ["CREATE ROLE web LOGIN", "GRANT schoolgraph_api TO web"]
    assert await broken(*member, role="web") == []
    told = await broken(*member, "GRANT SELECT ON attendance_pdefault TO web", role="web")
    assert [each.partition(", a partition")[0] for each in told] == [
        "the role web has a right on public.attendance_pdefault"
    ]


async def test_a_tenant_that_is_set_for_all_is_found(broken: Broken) -> None:
    found = await broken("SELECT set_config('app.institution_id', '7', true)")
    assert found == [
        "app.institution_id is '7' before anybody has set it: take it out of the settings of the role"
        " schoolgraph_api, of the database or of the server"
    ]


async def test_the_owner_is_refused_by_what_it_owns_alone(broken: Broken) -> None:
    found = await broken(role="schoolgraph_owner")
    assert [each.partition(" and ")[0] for each in found] == [
        "the role schoolgraph_owner owns table public.access_log",
        "the role schoolgraph_owner may become schoolgraph_search, which owns function"
        " public.institution_by_code(text)",
        "the role schoolgraph_owner may create objects in the schema public",
        "the role schoolgraph_owner may create schemas in the database suite_broken",
    ]


def test_the_known_functions_are_those_that_the_catalogue_has() -> None:
    called = {name for name, callers in MAY_CALL.items() if callers}
    assert {name.removeprefix("public.").partition("(")[0] for name in KNOWN} == called
