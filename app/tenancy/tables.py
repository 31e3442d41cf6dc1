"""What guards the rows: row-level security, its policies, and the rights on tables, partitions and views.

FORCE ROW LEVEL SECURITY is not asked for: it would bind the owner, which migrates and imports and is never the
server's role; that the server's role owns nothing is asked in `roles`.
"""

from app.tenancy.roles import OUR_SCHEMAS, REACH

TENANT = "(NULLIF(current_setting('app.institution_id'::text, true), ''::text))::bigint"
# Says how far the migrations are, which is no school's secret.
OPEN = "'alembic_version'"
# The trail is added to, never changed.
TRAIL = "'access_log', 'activity_log', 'audit_log'"
TENANT_TABLES = f"""
    tenant_tables AS (
        SELECT c.oid, c.relname, c.relrowsecurity, c.relispartition,
               CASE WHEN c.relname = 'institution' THEN '(id = {TENANT.replace("'", "''")})'
                    ELSE '(institution_id = {TENANT.replace("'", "''")})' END AS test
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OUR_SCHEMAS} AND c.relkind IN ('r', 'p') AND (
            (n.nspname = 'public' AND c.relname = 'institution')
            OR EXISTS (SELECT FROM pg_attribute a
                       WHERE a.attrelid = c.oid AND a.attname = 'institution_id' AND NOT a.attisdropped))
    )
"""


def _any_right(role: str, table: str) -> str:
    rights = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
    columns = "SELECT, INSERT, UPDATE, REFERENCES"
    return (
        f"(has_table_privilege({role}, {table}, '{rights}') OR has_any_column_privilege({role}, {table}, '{columns}'))"
    )


UNSECURED = f"""
    WITH {TENANT_TABLES}
    SELECT format('the table %s has no row-level security: ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY', oid::regclass)
    FROM tenant_tables WHERE NOT relrowsecurity AND $1::name IS NOT NULL ORDER BY relname
"""
POLICIES = f"""
    WITH {REACH}, {TENANT_TABLES}, applied AS (
        SELECT p.polrelid, p.polname, pg_get_expr(p.polqual, p.polrelid) AS using,
               pg_get_expr(p.polwithcheck, p.polrelid) AS check
        FROM pg_policy p
        WHERE p.polpermissive AND EXISTS (SELECT FROM reach WHERE ARRAY[reach.oid, 0::oid] && p.polroles)
    )
    SELECT format('the table %s has no policy for the role %I', t.oid::regclass, $1::name)
    FROM tenant_tables t
    WHERE NOT t.relispartition AND t.oid NOT IN (SELECT polrelid FROM applied)
      AND EXISTS (SELECT FROM reach WHERE {_any_right("reach.oid", "t.oid")})
    UNION ALL
    SELECT format('the policy %I on %s lets the role %I pass where %s, not only where %s', a.polname, t.oid::regclass,
                  $1::name, coalesce(nullif(a.using, t.test), a.check), t.test)
    FROM applied a JOIN tenant_tables t ON t.oid = a.polrelid
    WHERE a.using <> t.test OR a.check <> t.test
"""
PARTITIONS = f"""
    WITH {REACH}
    SELECT format('the role %I has a right on %s, a partition, where the policies of its table do not count:'
                  ' REVOKE ALL ON %2$s FROM %1$I', reach.rolname, c.oid::regclass)
    FROM reach, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {OUR_SCHEMAS} AND c.relispartition AND c.relkind IN ('r', 'p') AND {_any_right("reach.oid", "c.oid")}
    ORDER BY 1
"""
# What an extension brings was put there by a superuser, and says nothing of our rows.
UNGUARDED = f"""
    WITH {REACH}, {TENANT_TABLES}
    SELECT CASE c.relkind
        WHEN 'v' THEN format('the view %s is not security_invoker, and the role %I has a right on it:'
                             ' ALTER VIEW %1$s SET (security_invoker = true)', c.oid::regclass, reach.rolname)
        ELSE format('the role %2$I has a right on %1$s, which is under no row-level security',
                    c.oid::regclass, reach.rolname) END
    FROM reach, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {OUR_SCHEMAS} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {_any_right("reach.oid", "c.oid")}
      AND NOT c.relispartition AND NOT (c.relrowsecurity AND c.oid IN (SELECT oid FROM tenant_tables))
      AND NOT (n.nspname = 'public' AND c.relname IN ({OPEN}))
      AND NOT (c.relkind = 'v' AND coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions)
                                             WHERE option_name = 'security_invoker'), false))
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1
"""
# TRUNCATE asks no policy; the other two let foreign keys and triggers tell of rows.
RIGHTS = f"""
    WITH {REACH}, {TENANT_TABLES}
    SELECT format('the role %I has the right %s on %s: REVOKE %2$s ON %3$s FROM %1$I',
                  reach.rolname, privilege, t.oid::regclass)
    FROM reach, tenant_tables t, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
    WHERE (has_table_privilege(reach.oid, t.oid, privilege)
           OR (privilege IN ('UPDATE', 'REFERENCES') AND has_any_column_privilege(reach.oid, t.oid, privilege)))
      AND (privilege NOT IN ('UPDATE', 'DELETE') OR t.relname IN ({TRAIL}))
      AND NOT t.relispartition
    ORDER BY 1
"""
TABLES = (UNSECURED, POLICIES, PARTITIONS, UNGUARDED, RIGHTS)
