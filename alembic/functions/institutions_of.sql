-- role: schoolgraph_search
CREATE OR REPLACE FUNCTION public.institutions_of(operator bigint)
RETURNS TABLE (id bigint, code text, name text, status text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    -- A definer function is not under the caller's row-level security: it reads the tenant itself.
    tenant bigint := nullif(current_setting('app.institution_id', true), '')::bigint;
BEGIN
    -- An operator chooses among institutions whose rows cannot be read before one is chosen.
    RETURN QUERY
        SELECT i.id, i.code::text, i.name::text, i.status::text FROM public.institution i
        WHERE i.id = tenant OR i.id IN (
            SELECT u.acting_institution_id FROM public.user_institution u
            WHERE u.institution_id = tenant AND u.user_id = operator
        )
        ORDER BY i.code;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.institutions_of(bigint) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.institutions_of(bigint) TO schoolgraph_api
