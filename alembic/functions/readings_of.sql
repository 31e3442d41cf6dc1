-- role: schoolgraph_search
CREATE OR REPLACE FUNCTION public.readings_of(students bigint[])
RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $function$
BEGIN
    -- A definer function is not under the caller's row-level security: it reads the tenant itself.
    RETURN ARRAY(
        SELECT l.id FROM public.access_log l
        WHERE l.student_ids && students
          AND l.institution_id = nullif(current_setting('app.institution_id', true), '')::bigint);
END
$function$
-- then
REVOKE ALL ON FUNCTION public.readings_of(bigint[]) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.readings_of(bigint[]) TO schoolgraph_api, schoolgraph_read
