-- role: schoolgraph_owner
CREATE OR REPLACE FUNCTION public.make_attendance_partitions(first_day date, last_day date)
RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $function$
DECLARE
    year integer;
    made integer := 0;
    name text;
BEGIN
    -- One partition a calendar year: dropping an old year is cheap, and a read plans over few of them.
    FOR year IN date_part('year', first_day)::integer .. date_part('year', last_day)::integer LOOP
        name := 'attendance_p' || year;
        IF to_regclass('public.' || name) IS NULL THEN
            EXECUTE format('CREATE TABLE public.%I (LIKE public.attendance INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            -- Rows that came before their partition stand in the default one and would forbid attaching it.
            EXECUTE format('WITH moved AS (DELETE FROM public.attendance_pdefault WHERE date >= %L AND date < %L RETURNING *)
                            INSERT INTO public.%I SELECT * FROM moved', make_date(year, 1, 1), make_date(year + 1, 1, 1), name);
            EXECUTE format('ALTER TABLE public.attendance ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                           name, make_date(year, 1, 1), make_date(year + 1, 1, 1));
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END
$function$
-- then
REVOKE ALL ON FUNCTION public.make_attendance_partitions(date, date) FROM PUBLIC
