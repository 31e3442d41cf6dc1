"""What a role is, and what it may become. `$1` is the role.

A role that may become another has all that the other has: every question goes over `REACH`, the role and all those.
"""

# Superusers are members of every role: once told, it is not told again of each.
REACH = """
    reach AS (
        SELECT r.oid, r.rolname, r.rolsuper FROM pg_roles r, pg_roles self
        WHERE self.rolname = $1 AND (r.oid = self.oid OR (NOT self.rolsuper AND pg_has_role(self.oid, r.oid, 'MEMBER')))
    )
"""
# Temporary tables belong to sessions.
OUR_SCHEMAS = "(n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')"

POWERS = """
    SELECT format('the role %I is %s', r.rolname, power)
    FROM pg_roles r, LATERAL (VALUES
        ('SUPERUSER: it is under no row-level security', r.rolsuper),
        ('BYPASSRLS: it is under no row-level security', r.rolbypassrls),
        ('CREATEROLE: it can make itself a member of other roles', r.rolcreaterole),
        ('REPLICATION: it can copy the whole database', r.rolreplication)) p(power, held)
    WHERE r.rolname = $1 AND held
"""
MEMBERSHIPS = f"""
    WITH {REACH}
    SELECT format('the role %I is a member of %I, which %s: REVOKE %2$I FROM %1$I', $1::name, r.rolname, CASE
        WHEN r.rolsuper THEN 'is SUPERUSER'
        WHEN r.rolbypassrls THEN 'is BYPASSRLS'
        WHEN r.rolcreaterole THEN 'is CREATEROLE'
        WHEN r.rolreplication THEN 'is REPLICATION'
        ELSE 'PostgreSQL gives rights to that cross institutions' END)
    FROM reach JOIN pg_roles r USING (oid)
    WHERE r.rolname NOT IN ($1, 'pg_database_owner')
      AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication OR r.rolname ~ '^pg_')
    ORDER BY r.rolname
"""
# An owner switches row-level security off. Large objects hold nothing of ours.
OWNED = f"""
    WITH {REACH}, owned AS (
        SELECT reach.rolname, pg_describe_object(d.classid, d.objid, d.objsubid) AS object,
               EXISTS (SELECT FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
                       AND c.relkind IN ('r', 'p', 'v', 'm')) AS relation
        FROM reach JOIN pg_shdepend d ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = reach.oid
        JOIN pg_database own ON own.datname = current_database()
        WHERE d.deptype = 'o' AND d.classid <> 'pg_largeobject'::regclass
          AND (d.dbid = own.oid OR (d.classid = 'pg_database'::regclass AND d.objid = own.oid))
          AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND n.nspname ~ '^pg_temp')
    )
    SELECT format('the role %I %s %s%s', $1::name, CASE WHEN rolname = $1 THEN 'owns'
                  ELSE format('may become %I, which owns', rolname) END,
                  (array_agg(object ORDER BY relation DESC, object))[1],
                  CASE WHEN count(*) > 1 THEN format(' and %s more', count(*) - 1) END)
    FROM owned GROUP BY rolname ORDER BY rolname
"""
# What it could put in the way of names that others look up.
CREATES = f"""
    WITH {REACH}
    SELECT format('the role %I may create objects in the schema %I', rolname, n.nspname)
    FROM reach, pg_namespace n
    WHERE {OUR_SCHEMAS} AND reach.rolname !~ '^pg_' AND has_schema_privilege(reach.oid, n.oid, 'CREATE')
      AND NOT reach.rolsuper
    UNION ALL
    SELECT format('the role %I may create schemas in the database %I', rolname, current_database())
    FROM reach
    WHERE reach.rolname !~ '^pg_' AND has_database_privilege(reach.oid, current_database(), 'CREATE')
      AND NOT reach.rolsuper
"""
ROLES = (POWERS, MEMBERSHIPS, OWNED, CREATES)
