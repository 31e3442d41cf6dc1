-- role: schoolgraph_search
CREATE OR REPLACE FUNCTION public.search_ids(entity text, terms text[], hit_limit integer)
RETURNS TABLE (id bigint, rank integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    -- A definer function is not under the caller's row-level security: it reads the tenant itself.
    tenant bigint := nullif(current_setting('app.institution_id', true), '')::bigint;
    patterns text[];
    longest text;
BEGIN
    IF entity NOT IN ('student', 'guardian', 'app_user', 'course', 'subject') THEN
        RAISE EXCEPTION 'cannot search in %', entity USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT array_agg('%' || regexp_replace(term, '([\\%_])', '\\\1', 'g') || '%'),
           (array_agg(term ORDER BY length(term) DESC))[1]
      INTO patterns, longest
      FROM unnest(terms) AS term;
    IF tenant IS NULL OR patterns IS NULL THEN
        RETURN;
    END IF;
    -- The longest term goes through the trigram index, the others filter its hits. A hit counts more when it is a
    -- whole line (a number, a phone, an e-mail, the full name), then when it begins one, then when it begins a word.
    RETURN QUERY EXECUTE format($query$
        SELECT found.id, found.points
          FROM (SELECT t.id, (SELECT sum(CASE
                                  WHEN position(E'\n' || term || E'\n' IN E'\n' || t.search_text || E'\n') > 0 THEN 1000
                                  WHEN position(E'\n' || term IN E'\n' || t.search_text) > 0 THEN 100
                                  WHEN position(' ' || term IN t.search_text) > 0 THEN 10
                                  ELSE 1 END)::integer FROM unnest($4) AS term) AS points
                  FROM public.%I t
                 WHERE t.institution_id = $1 AND t.search_text LIKE $2 AND t.search_text LIKE ALL ($3)
                       AND %s) AS found
         ORDER BY found.points DESC, found.id
         LIMIT $5
    $query$, entity, CASE WHEN entity = 'subject' THEN 'true' ELSE 't.deleted_at IS NULL' END)
    USING tenant, '%' || regexp_replace(longest, '([\\%_])', '\\\1', 'g') || '%', patterns, terms, hit_limit;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.search_ids(text, text[], integer) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.search_ids(text, text[], integer) TO schoolgraph_api, schoolgraph_read
