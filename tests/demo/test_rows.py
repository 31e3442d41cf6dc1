"""What must hold of the rows of a demo school, asked of the database itself."""

from decimal import Decimal

import pytest

from app.demo.run import Made
from app.demo.school import make_school
from app.demo.secrets import NAMES, Secrets
from resolvers.sealing import Place
from tests.demo.conftest import PLAN, TODAY, Demo, Fetch, owner
from tests.sealing import SEALER

pytestmark = pytest.mark.any_database

# Each counts rows that must not be there; `:today` is the day on which the school was made.
FORBIDDEN = {
    "mark on a day without enrolment": """
        SELECT count(*) FROM grade g WHERE NOT EXISTS (
            SELECT FROM enrollment e WHERE e.student_id = g.student_id AND e.course_id = g.course_id
             AND g.date BETWEEN e.begin_date AND coalesce(e.end_date, g.date))""",
    "mark or attendance on the last day known, or later": """
        SELECT (SELECT count(*) FROM grade WHERE date >= :today) + (SELECT count(*) FROM attendance
            WHERE date >= :today)""",
    "mark for another subject, semester or day than its assessment's": """
        SELECT count(*) FROM grade g JOIN assessment a ON a.id = g.assessment_id
         WHERE (g.course_id, g.subject_id, g.semester_id, g.date)
            IS DISTINCT FROM (a.course_id, a.subject_id, a.semester_id, a.date)""",
    "mark by somebody who does not teach the course": """
        SELECT count(*) FROM grade g WHERE NOT EXISTS (
            SELECT FROM course_teacher t WHERE t.course_id = g.course_id AND t.user_id = g.graded_by_id)""",
    "mark outside the scale": """
        SELECT count(*) FROM grade WHERE score NOT BETWEEN 0 AND 10""",
    "subject that the course does not teach": """
        SELECT count(*) FROM assessment a WHERE NOT EXISTS (
            SELECT FROM course_subject s WHERE s.course_id = a.course_id AND s.subject_id = a.subject_id)""",
    "attendance on a day without enrolment": """
        SELECT count(*) FROM attendance a WHERE NOT EXISTS (
            SELECT FROM enrollment e WHERE e.student_id = a.student_id AND e.course_id = a.course_id
             AND a.date BETWEEN e.begin_date AND coalesce(e.end_date, a.date))""",
    "attendance or assessment on a day without lessons": """
        SELECT count(*) FROM (SELECT date FROM attendance UNION ALL SELECT date FROM assessment) AS held
         WHERE NOT EXISTS (
            SELECT FROM calendar_day d WHERE d.date = held.date AND d.kind IN ('INSTRUCTIONAL', 'MAKE_UP'))""",
    "attendance without the roster having been taken": """
        SELECT count(*) FROM attendance a WHERE NOT EXISTS (
            SELECT FROM attendance_taken t
                WHERE (t.course_id, t.date, t.session) = (a.course_id, a.date, a.session))""",
    "enrolled student without attendance on a roster that was taken": """
        SELECT count(*) FROM attendance_taken t JOIN enrollment e ON e.course_id = t.course_id
           AND t.date BETWEEN e.begin_date AND coalesce(e.end_date, t.date)
         WHERE NOT EXISTS (
            SELECT FROM attendance a WHERE (a.course_id, a.date, a.session, a.student_id)
                 = (t.course_id, t.date, t.session, e.student_id))""",
    "attendance whose semester or year is not of its date": """
        SELECT count(*) FROM attendance a JOIN semester s ON s.id = a.semester_id
         WHERE (a.date NOT BETWEEN s.start_date AND s.end_date OR a.school_year_id <> s.school_year_id)""",
    "reason or delay that the status does not bear out": """
        SELECT count(*) FROM attendance WHERE ((status = 'LATE') <> (minutes_late IS NOT NULL)
            OR (status = 'PRESENT' AND reason IS NOT NULL)
                OR (status = 'EXCUSED' AND reason IS NULL))""",
    "attendance outside the partition of its year": """
        SELECT count(*) FROM attendance
            WHERE tableoid::regclass::text <> 'attendance_p' || date_part('year', date)""",
    "enrolment outside the student's time at the school": """
        SELECT count(*) FROM enrollment e JOIN course c ON c.id = e.course_id WHERE NOT EXISTS (
            SELECT FROM school_enrollment s WHERE s.student_id = e.student_id
               AND s.school_year_id = c.school_year_id AND s.grade_level_id = c.grade_level_id
               AND s.entry_date <= e.begin_date
                   AND coalesce(s.exit_date, 'infinity') >= coalesce(e.end_date, 'infinity'))""",
    "enrolment outside the course's year": """
        SELECT count(*) FROM enrollment e JOIN course c ON c.id = e.course_id
            JOIN school_year y ON y.id = c.school_year_id
         WHERE (e.begin_date < y.start_date OR e.end_date > y.end_date)""",
    "status that the days of an enrolment do not bear out": """
        SELECT count(*) FROM enrollment e JOIN course c ON c.id = e.course_id
            JOIN school_year y ON y.id = c.school_year_id
         WHERE e.status <> CASE WHEN drop_reason IS NOT NULL THEN 'DROPPED' WHEN begin_date > :today THEN 'PENDING'
                                WHEN y.current THEN 'ACTIVE' ELSE 'COMPLETED' END""",
    "drop on a later day, or in another semester than its day": """
        SELECT count(*) FROM enrollment e LEFT JOIN semester s ON s.id = e.drop_semester_id
         WHERE e.status = 'DROPPED'
           AND (e.drop_date >= :today OR s.id IS NULL OR e.drop_date NOT BETWEEN s.start_date AND s.end_date)""",
    "jump of more than one grade level a year": """
        SELECT count(*) FROM (
            SELECT l.sequence - lag(l.sequence) OVER spans AS step,
                   s.school_year_id <> lag(s.school_year_id) OVER spans AS next
              FROM school_enrollment s JOIN grade_level l ON l.id = s.grade_level_id
            WINDOW spans AS (PARTITION BY s.student_id ORDER BY s.entry_date)) AS steps
         WHERE CASE WHEN next THEN step NOT IN (0, 1) ELSE step <> 0 END""",
    "active student who does not attend, or the other way round": """
        SELECT count(*) FROM student s WHERE (s.status = 'ACTIVE') <> EXISTS (
            SELECT FROM school_enrollment e WHERE e.student_id = s.id AND e.entry_date <= :today
                AND e.exit_date IS NULL)""",
    "student registered after the first day, or in the future": """
        SELECT count(*) FROM student s WHERE registration_date > :today
            OR registration_date > (SELECT min(entry_date) FROM school_enrollment e WHERE e.student_id = s.id)""",
    "brothers and sisters of another name or address": """
        SELECT count(*) FROM student_guardian a JOIN student_guardian b ON b.guardian_id = a.guardian_id
          JOIN student s ON s.id = a.student_id JOIN student t ON t.id = b.student_id
         WHERE (s.last_name, s.house_number, s.street) IS DISTINCT FROM (t.last_name, t.house_number, t.street)""",
    "brothers and sisters of the same first name": """
        SELECT count(*) FROM student_guardian a JOIN student_guardian b ON b.guardian_id = a.guardian_id
          JOIN student s ON s.id = a.student_id JOIN student t ON t.id = b.student_id
         WHERE s.id < t.id AND s.first_name = t.first_name""",
    "mobile or e-mail of a young student, or a mobile that could be somebody's": """
        SELECT count(*) FROM student s WHERE (mobile IS NOT NULL OR email IS NOT NULL) AND NOT (
            coalesce(mobile, '5000000000') ~ '^5[0-9]{9}$'
                AND coalesce(email, 'a@mail.example') LIKE '%@mail.example'
            AND date_of_birth < :today - interval '12 years')""",
    "student number beyond the counter": """
        SELECT count(*) FROM student s WHERE NOT EXISTS (
            SELECT FROM number_counter n WHERE n.kind = 'student' AND n.institution_id = s.institution_id
               AND s.student_number ~ ('^STU-' || n.year || '-[0-9]{5,}$')
               AND split_part(s.student_number, '-', 3)::int <= n.last
                   AND n.year = date_part('year', s.registration_date))""",
    "course without a lead, or with two": """
        SELECT count(*) FROM course c WHERE 1 <> (
            SELECT count(*) FROM course_teacher t WHERE t.course_id = c.id AND t.role = 'LEAD')""",
    "password of anybody but the two who are to sign in": """
        SELECT count(*) FROM app_user WHERE (password_hash IS NOT NULL) <> (username IN ('admin', 'reporter'))""",
    "user without a role": """
        SELECT count(*) FROM app_user u WHERE 1 <> (
            SELECT count(*) FROM user_role r WHERE r.user_id = u.id)""",
}  # fmt: skip


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_no_row_breaks_the_rule(fetch: Fetch, name: str) -> None:
    assert await fetch(FORBIDDEN[name].replace(":today", f"date '{TODAY}'")) == 0


# Each must be found at least so often in 300 students.
FOUND = {
    "siblings who share a guardian": (
        20,
        "SELECT count(*) FROM (SELECT guardian_id FROM student_guardian GROUP BY 1 HAVING count(*) > 1) AS shared",
    ),
    "student back in a course after dropping it": (
        3,
        """SELECT count(*) FROM enrollment d JOIN enrollment b USING (institution_id, student_id, course_id)
            WHERE d.status = 'DROPPED' AND b.begin_date > d.end_date""",
    ),
    "student who left": (5, "SELECT count(*) FROM school_enrollment WHERE exit_reason IN ('TRANSFERRED', 'MOVED')"),
    "student who finished": (5, "SELECT count(*) FROM school_enrollment WHERE exit_reason = 'GRADUATED'"),
    "scholarship": (10, "SELECT count(*) FROM scholarship WHERE amount > 0 AND currency = 'INR'"),
    "own mobile": (10, "SELECT count(*) FROM student WHERE mobile IS NOT NULL"),
    "own e-mail": (10, "SELECT count(*) FROM student WHERE email IS NOT NULL"),
    "mark not handed in": (10, "SELECT count(*) FROM grade WHERE score_status = 'NOT_SUBMITTED' AND score IS NULL"),
    "assessment ahead": (1, "SELECT count(*) FROM assessment WHERE date >= '2026-11-21'"),
    "holiday": (40, "SELECT count(*) FROM calendar_day WHERE kind = 'HOLIDAY' AND note IS NOT NULL"),
    "day lost and made up": (3, "SELECT count(*) FROM calendar_day WHERE kind = 'MAKE_UP'"),
    "half day": (100, "SELECT count(*) FROM attendance WHERE session = 'PM'"),
    "income": (100, "SELECT count(*) FROM guardian WHERE income > 0 AND occupation IS NOT NULL"),
    "single name": (1, "SELECT count(*) FROM guardian WHERE single_name IS NOT NULL AND first_name IS NULL"),
}


@pytest.mark.parametrize("name", FOUND)
async def test_what_makes_a_school_believable_is_there(fetch: Fetch, name: str) -> None:
    least, query = FOUND[name]
    assert await fetch(query) >= least


async def test_as_many_rows_as_asked_for(demo: Demo, fetch: Fetch) -> None:
    made: Made = demo.made
    assert made.counts["student"] == made.counts["family_info"] == PLAN.students
    # The last roster and the last class are not cut.
    assert 0 <= made.counts["grade"] - PLAN.grades * PLAN.students < 45
    assert 0 <= made.counts["attendance"] - PLAN.attendance * PLAN.students < 90
    for table, rows in made.counts.items():
        assert await fetch(f"SELECT count(*) FROM {table}") == rows, table


async def test_rates_of_attendance(fetch: Fetch) -> None:
    share = "SELECT (count(*) FILTER (WHERE status = $1))::numeric / count(*) FROM attendance"
    assert Decimal("0.88") < await fetch(share, "PRESENT") < Decimal("0.97")
    for status in ("LATE", "EXCUSED", "ABSENT"):
        assert Decimal("0.004") < await fetch(share, status) < Decimal("0.06"), status


async def test_the_current_year_is_the_same_in_all_places(fetch: Fetch) -> None:
    current = await fetch("SELECT code FROM school_year WHERE current AND $1 BETWEEN start_date AND end_date", TODAY)
    assert current == "2026-2027"
    assert await fetch("SELECT value FROM configuration_setting WHERE key = 'CURRENT_ACADEMIC_YEAR'") == current
    assert await fetch("SELECT count(*) FROM school_year WHERE current") == 1
    assert await fetch("SELECT code FROM semester WHERE $1 BETWEEN start_date AND end_date", TODAY) == "S2-2026"


async def test_the_scale_is_the_default_and_its_letters_cover_it(fetch: Fetch) -> None:
    scale = "SELECT array[min_score, max_score, pass_mark] FROM grading_scale WHERE school_default"
    assert await fetch(scale) == [0, 10, 5]
    bands = "SELECT array_agg(letter ORDER BY lower_bound) FROM grading_scale_band"
    assert await fetch(bands) == ["E", "D", "C", "B2", "B1", "A2", "A1"]
    assert await fetch("SELECT min(lower_bound) FROM grading_scale_band") == 0


async def test_one_entry_of_the_activity_log_says_what_was_loaded(demo: Demo, fetch: Fetch) -> None:
    entry = "SELECT count(*) FROM activity_log WHERE action = 'demo.load' AND actor_kind = 'SYSTEM'"
    assert await fetch(entry) == 1
    marks = "SELECT (details->'rows'->>'grade')::int FROM activity_log WHERE (details->>'seed')::int = $1"
    assert await fetch(marks, PLAN.seed) == demo.made.counts["grade"]
    assert await fetch("SELECT count(*) FROM audit_log") == 0


async def test_a_new_student_gets_the_next_number(fetch: Fetch) -> None:
    last = "SELECT last FROM number_counter WHERE kind = 'student' AND year = 2026"
    assert await fetch(last) == await fetch("SELECT count(*) FROM student WHERE student_number LIKE 'STU-2026-%'")


async def test_a_new_row_gets_a_key_of_its_own(demo: Demo, fetch: Fetch) -> None:
    for table in ("student", "grade", "attendance", "course"):
        following = await fetch("SELECT nextval(pg_get_serial_sequence($1, 'id'))", table)
        assert following > await fetch(f"SELECT max(id) FROM {table}"), table


async def test_secrets_are_sealed_and_say_what_was_planned(demo: Demo) -> None:
    """In the order of the students' keys, which is that of the plan; some have each, some have none."""
    query = "SELECT * FROM student ORDER BY id"
    async with owner(demo.urls) as connection:
        rows = await connection.fetch(query)
    found = []
    for row in rows:
        opened = {}
        for name in NAMES:
            sealed = row[f"{name}_sealed"]
            place = Place(row["institution_id"], "student", f"{name}_sealed")
            opened[name] = None if sealed is None else SEALER.open(place, row["id"], sealed)
        found.append(Secrets(**opened))
        assert row["national_id_last4"] == (opened["national_id"][-4:] if opened["national_id"] else None)
    planned = make_school(PLAN).secrets
    assert found == planned
    given = {name: sum(getattr(each, name) is not None for each in planned) for name in NAMES}
    assert all(0 < count < len(planned) for count in given.values())
    assert {each.national_id[0] for each in planned if each.national_id} == {"1"}
    numbers = [each.national_id for each in planned if each.national_id]
    assert len(set(numbers)) == len(numbers)
