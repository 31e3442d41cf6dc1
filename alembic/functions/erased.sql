-- role: schoolgraph_owner
CREATE OR REPLACE FUNCTION public.erased(content jsonb, whole boolean, named jsonb, pattern text)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    leaf text;
    about boolean := whole;
BEGIN
    -- JSON without a person: every text of an object that names one of the person's records by its id, and every text
    -- that matches the pattern, which is null where there is none. Ids stay, which now lead to nobody.
    CASE jsonb_typeof(content)
    WHEN 'object' THEN
        about := about OR EXISTS (SELECT FROM jsonb_each(content) e
                                  WHERE jsonb_typeof(e.value) = 'string' AND named ? (e.value #>> '{}')
                                     OR e.key = 'student_id' AND named ? ('student ' || (e.value #>> '{}')));
        RETURN (SELECT coalesce(jsonb_object_agg(
                    CASE WHEN e.key ~* pattern THEN '[erased]' ELSE e.key END,
                    CASE WHEN e.key = 'action' THEN e.value ELSE public.erased(e.value, about, named, pattern) END), '{}')
                FROM jsonb_each(content) e);
    WHEN 'array' THEN
        RETURN (SELECT coalesce(jsonb_agg(public.erased(e.value, about, named, pattern) ORDER BY e.place), '[]')
                FROM jsonb_array_elements(content) WITH ORDINALITY AS e(value, place));
    WHEN 'null', 'boolean' THEN
        RETURN content;
    ELSE
        leaf := content #>> '{}';
        IF named ? leaf THEN
            RETURN content;
        END IF;
        IF (about AND jsonb_typeof(content) = 'string')
           OR leaf ~* pattern THEN
            RETURN to_jsonb('[erased]'::text);
        END IF;
        RETURN content;
    END CASE;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.erased(jsonb, boolean, jsonb, text) FROM PUBLIC
