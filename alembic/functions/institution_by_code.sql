-- role: schoolgraph_search
CREATE OR REPLACE FUNCTION public.institution_by_code(wanted text)
RETURNS TABLE (id bigint, status text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $function$
BEGIN
    -- Signing in happens before the tenant is known: this is the one look-up that crosses institutions.
    RETURN QUERY SELECT i.id, i.status::text FROM public.institution i WHERE i.code = wanted;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.institution_by_code(text) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.institution_by_code(text) TO schoolgraph_api
