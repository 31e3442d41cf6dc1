-- role: schoolgraph_owner
CREATE OR REPLACE FUNCTION public.erase_from_trail(records jsonb, users bigint[], named jsonb, marks text[])
RETURNS TABLE ("table" text, changed bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    tenant bigint := nullif(current_setting('app.institution_id', true), '')::bigint;
    counts jsonb := '{}';
    pattern text;
    touched bigint;
BEGIN
    -- Whoever may append to the trail may not change it; this blots values out and can write nothing else. What it did
    -- stands in the trail too, since it could blot out what somebody would rather hide.
    IF tenant IS NULL THEN
        RAISE EXCEPTION 'no institution is set';
    END IF;
    IF EXISTS (SELECT FROM unnest(marks) m WHERE length(m) < 5) THEN
        RAISE EXCEPTION 'a mark must have at least five characters';
    END IF;
    -- Whole words only: one student's number is the beginning of another's.
    SELECT '(?<![[:alnum:]])(' || string_agg(regexp_replace(m, '([^[:alnum:]])', '\\\1', 'g'), '|') || ')(?![[:alnum:]])'
    INTO pattern FROM unnest(marks) m;

    WITH r AS (SELECT * FROM jsonb_to_recordset(records) AS x("table" text, ids bigint[], students text[], kept text[])),
    told AS (
        SELECT a.id, e.before, e.after
        FROM r JOIN public.audit_log a ON a.institution_id = tenant AND a.table_name = r."table"
             AND (a.record_id = ANY(r.ids) OR coalesce(a.after, a.before) ->> 'student_id' = ANY(r.students)),
        LATERAL (SELECT
            coalesce((SELECT jsonb_object_agg(b.key, CASE WHEN b.value = 'null' OR b.key = ANY(r.kept) THEN b.value
                                                          ELSE to_jsonb('[erased]'::text) END)
                      FROM jsonb_each(a.before) b), a.before) AS before,
            coalesce((SELECT jsonb_object_agg(b.key, CASE WHEN b.value = 'null' OR b.key = ANY(r.kept) THEN b.value
                                                          ELSE to_jsonb('[erased]'::text) END)
                      FROM jsonb_each(a.after) b), a.after) AS after) e
        WHERE (a.before, a.after) IS DISTINCT FROM (e.before, e.after)
    )
    UPDATE public.audit_log a SET before = told.before, after = told.after
    FROM told WHERE a.institution_id = tenant AND a.id = told.id;
    GET DIAGNOSTICS touched = ROW_COUNT;
    counts := counts || jsonb_build_object('audit_log', touched);

    WITH r AS (SELECT * FROM jsonb_to_recordset(records) AS x(entity text, ids text[])),
    told AS (
        SELECT a.id, public.erased(a.details, EXISTS (
                   SELECT FROM r WHERE r.entity = split_part(a.action, '.', 1) AND a.details ->> 'id' = ANY(r.ids)
               ), named, pattern) AS details,
               CASE WHEN a.actor_kind = 'USER' AND a.actor_id = ANY(users) THEN NULL ELSE a.address END AS address
        FROM public.activity_log a WHERE a.institution_id = tenant
    )
    UPDATE public.activity_log a SET details = told.details, address = told.address
    FROM told WHERE a.institution_id = tenant AND a.id = told.id
      AND (a.details, a.address) IS DISTINCT FROM (told.details, told.address);
    GET DIAGNOSTICS touched = ROW_COUNT;
    counts := counts || jsonb_build_object('activity_log', touched);

    WITH r AS (SELECT * FROM jsonb_to_recordset(records) AS x(entity text, ids text[])),
    told AS (
        SELECT o.id, public.erased(o.payload, EXISTS (
                   SELECT FROM r WHERE r.entity = o.topic AND o.key = ANY(r.ids)), named, pattern) AS payload,
               CASE WHEN o.key ~* pattern
                    THEN '[erased]' ELSE o.key END AS key
        FROM public.outbox o WHERE o.institution_id = tenant
    )
    UPDATE public.outbox o SET payload = told.payload, key = told.key
    FROM told WHERE o.institution_id = tenant AND o.id = told.id
      AND (o.payload, o.key) IS DISTINCT FROM (told.payload, told.key);
    GET DIAGNOSTICS touched = ROW_COUNT;
    counts := counts || jsonb_build_object('outbox', touched);

    WITH told AS (
        SELECT i.id, public.erased(i.answer, i.actor_kind = 'USER' AND i.actor_id = ANY(users), named, pattern) AS answer
        FROM public.idempotency_key i WHERE i.institution_id = tenant
    )
    UPDATE public.idempotency_key i SET answer = told.answer
    FROM told WHERE i.institution_id = tenant AND i.id = told.id AND i.answer IS DISTINCT FROM told.answer;
    GET DIAGNOSTICS touched = ROW_COUNT;
    counts := counts || jsonb_build_object('idempotency_key', touched);

    WITH told AS (
        SELECT o.id, public.erased(o.summary, false, named, pattern) AS summary
        FROM public.operation o WHERE o.institution_id = tenant
    )
    UPDATE public.operation o SET summary = told.summary
    FROM told WHERE o.institution_id = tenant AND o.id = told.id AND o.summary IS DISTINCT FROM told.summary;
    GET DIAGNOSTICS touched = ROW_COUNT;
    counts := counts || jsonb_build_object('operation', touched);

    INSERT INTO public.activity_log (institution_id, action, details, actor_kind, at)
    VALUES (tenant, 'trail.erase', counts, 'SYSTEM', now());
    RETURN QUERY SELECT c.key, c.value::bigint FROM jsonb_each_text(counts) c ORDER BY c.key;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.erase_from_trail(jsonb, bigint[], jsonb, text[]) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.erase_from_trail(jsonb, bigint[], jsonb, text[]) TO schoolgraph_api
