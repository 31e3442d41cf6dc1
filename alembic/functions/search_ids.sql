-- role: schoolgraph_search
CREATE OR REPLACE FUNCTION public.search_ids(
    entity text, terms text[], hit_limit integer, visible bigint[], lines integer)
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
    -- Of the rows that are `visible`, all of them where it is null, and of the first `lines` of their text. What may be
    -- hidden comes last in the text, so that a value with a line break of its own only makes less of it count.
    -- The longest term goes through the trigram index, the others filter its hits. A hit counts more when it is a
    -- whole line (a number, a phone, an e-mail, the full name), then when it begins one, then when it begins a word.
    RETURN QUERY EXECUTE format($query$
        SELECT found.id, found.points
          FROM (SELECT t.id, (SELECT sum(CASE
                                  WHEN position(E'\n' || term || E'\n' IN E'\n' || t.said || E'\n') > 0 THEN 1000
                                  WHEN position(E'\n' || term IN E'\n' || t.said) > 0 THEN 100
                                  WHEN position(' ' || term IN t.said) > 0 THEN 10
                                  ELSE 1 END)::integer FROM unnest($4) AS term) AS points
                  FROM (SELECT s.id, %s AS said
                          FROM public.%I s
                         WHERE s.institution_id = $1 AND s.search_text LIKE $2 AND %s AND %s) AS t
                 WHERE t.said LIKE ALL ($3)) AS found
         ORDER BY found.points DESC, found.id
         LIMIT $5
    $query$,
        CASE WHEN lines IS NULL THEN 's.search_text'
             ELSE $said$array_to_string((string_to_array(s.search_text, E'\n'))[1:$7], E'\n')$said$ END,
        entity,
        CASE WHEN entity = 'subject' THEN 'true' ELSE 's.deleted_at IS NULL' END,
        CASE WHEN visible IS NULL THEN 'true' ELSE 's.id = ANY ($6)' END)
    USING tenant, '%' || regexp_replace(longest, '([\\%_])', '\\\1', 'g') || '%', patterns, terms, hit_limit,
          visible, lines;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.search_ids(text, text[], integer, bigint[], integer) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.search_ids(text, text[], integer, bigint[], integer) TO schoolgraph_api, schoolgraph_read
