-- role: schoolgraph_owner
CREATE OR REPLACE FUNCTION public.new_institution(
    wanted_code text, wanted_name text, home bigint, operator bigint, moment timestamptz, request text
)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    tenant bigint := nullif(current_setting('app.institution_id', true), '')::bigint;
BEGIN
    -- The one row that stands above all tenants: made for the institution that the transaction is already in, which is
    -- none yet, and only for an operator, whom it lists as one who may act there.
    IF tenant IS NULL OR EXISTS (SELECT FROM public.institution i WHERE i.id = tenant) THEN
        RAISE EXCEPTION 'the transaction is not in an institution that is to be made';
    END IF;
    IF NOT EXISTS (SELECT FROM public.user_role r WHERE r.institution_id = home AND r.user_id = operator
                   AND r.role = 'SUPERADMIN' AND coalesce(r.end_date, 'infinity') >= moment::date) THEN
        RAISE EXCEPTION 'user % of institution % is no operator', operator, home USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.institution (id, code, name) VALUES (tenant, wanted_code, wanted_name);
    INSERT INTO public.user_institution (institution_id, user_id, acting_institution_id) VALUES (home, operator, tenant);
    INSERT INTO public.audit_log (institution_id, table_name, record_id, operation, after, actor_kind, actor_id, at, request_id)
    VALUES (tenant, 'institution', tenant, 'INSERT',
            jsonb_build_object('code', wanted_code, 'name', wanted_name, 'status', 'ACTIVE'),
            'USER', operator, moment, request);
    INSERT INTO public.activity_log (institution_id, action, details, actor_kind, actor_id, at, request_id)
    VALUES (home, 'institution.create', jsonb_build_object('id', tenant, 'code', wanted_code), 'USER', operator, moment, request);
    RETURN tenant;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.new_institution(text, text, bigint, bigint, timestamptz, text) FROM PUBLIC
-- then
GRANT EXECUTE ON FUNCTION public.new_institution(text, text, bigint, bigint, timestamptz, text) TO schoolgraph_api
