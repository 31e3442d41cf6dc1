"""Functions that run as somebody else: a known few, each looking for names in fixed places."""

from app.tenancy.roles import OUR_SCHEMAS, REACH

# A new one is listed here, once it is sure that it reads the tenant itself and returns no more than it says.
KNOWN = (
    "public.erase_from_trail(jsonb, bigint[], jsonb, text[])",
    "public.institution_by_code(text)",
    "public.institutions_of(bigint)",
    "public.new_institution(text, text, bigint, bigint, timestamp with time zone, text)",
    "public.readings_of(bigint[])",
    "public.search_ids(text, text[], integer, bigint[], integer)",
)
_LISTED = ", ".join(f"'{name}'" for name in KNOWN)
_DEFINERS = f"""
    definers AS (
        SELECT p.oid, p.proconfig, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS name
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND {OUR_SCHEMAS}
          AND EXISTS (SELECT FROM reach WHERE has_function_privilege(reach.oid, p.oid, 'EXECUTE'))
    )
"""
UNKNOWN = f"""
    WITH {REACH}, {_DEFINERS}
    SELECT format('the role %I may call %s, which runs as its owner (SECURITY DEFINER) and is not known:'
                  ' REVOKE EXECUTE ON FUNCTION %2$s FROM PUBLIC, %1$I', $1::name, name)
    FROM definers WHERE name NOT IN ({_LISTED}) ORDER BY name
"""
UNFIXED = f"""
    WITH {REACH}, {_DEFINERS}
    SELECT format('the function %s runs as its owner (SECURITY DEFINER) without a search_path of its own', name)
    FROM definers
    WHERE NOT EXISTS (SELECT FROM unnest(proconfig) setting WHERE setting ~ '^search_path=.*pg_temp$') ORDER BY name
"""
FUNCTIONS = (UNKNOWN, UNFIXED)
