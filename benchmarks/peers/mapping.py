"""The yardstick's rows as rows of ours: for each table the statement that reads them in the yardstick's database.

Keys stay what they are, so that an id of the yardstick's is an id of ours with a prefix. A column's name is the alias;
types are exactly those of our columns, since rows travel in the binary form of COPY. `{school}` is the institution,
`{levels}` the keys of its grade levels by code, as JSON.

Where ours is stricter or spells otherwise:

- values of closed sets are upper-cased; an enrolment that was not dropped is COMPLETED
- a teacher is a row of course_teacher, the lead in the first position; a guardian hangs on a row of student_guardian
- a student's school year follows from a span of belonging to the school
- `created_at` of a student is the yardstick's instant of registration, since ours keeps only its day
- a class such as `4B` goes into `register_to_study`, and a grade of a course becomes its grade level
- health is sealed in ours and no operation asks for it: it stays behind
"""

TABLES: dict[str, str] = {
    "app_user": """
        SELECT user_id::bigint AS id, username, firstname AS first_name, lastname AS last_name,
               phonenumber1 AS phone, position, upper(status) AS status, created_at, updated_at
          FROM users""",
    "user_role": "SELECT user_id::bigint AS id, user_id::bigint AS user_id, upper(role) AS role FROM users",
    "school_year": """
        SELECT school_year_id::bigint AS id, school_year_code AS code,
               make_date(2022 + school_year_id, 9, 1) AS start_date,
               make_date(2023 + school_year_id, 8, 31) AS end_date,
               school_year_id = 3 AS current, created_at, updated_at
          FROM school_year""",
    "semester": """
        SELECT semester_id::bigint AS id, y.year::bigint AS school_year_id, semester AS name, semester_code AS code,
               2 - semester_id % 2 AS sequence, created_at, updated_at,
               CASE semester_id % 2 WHEN 1 THEN make_date(2022 + y.year, 9, 1)
                                    ELSE make_date(2023 + y.year, 2, 1) END AS start_date,
               CASE semester_id % 2 WHEN 1 THEN make_date(2023 + y.year, 1, 31)
                                    ELSE make_date(2023 + y.year, 8, 31) END AS end_date
          FROM semester, LATERAL (SELECT (semester_id + 1) / 2 AS year) AS y""",
    "subject": "SELECT subject_id::bigint AS id, subject_name AS name, created_at, updated_at FROM subject",
    "student": """
        SELECT student_id::bigint AS id, format('STU-2023-%s', lpad(student_id::text, 5, '0')) AS student_number,
               first_name, last_name, upper(gender) AS gender, dob AS date_of_birth, upper(status) AS status,
               (registration_date AT TIME ZONE 'UTC')::date AS registration_date, phone, emergency_contact,
               student_house_number AS house_number, student_village AS village, student_commune AS commune,
               student_district AS district, student_province AS province, student_birth_district AS birth_district,
               religion, vaccinated, previous_school, transfer_reason, class AS register_to_study,
               needs_clothes, needs_materials, needs_transport, registration_date AS created_at, updated_at
          FROM student""",
    "guardian": """
        SELECT guardian_id::bigint AS id, first_name, last_name, phone, occupation, income::numeric(19, 4) AS income,
               house_number, village, commune, district, province, birth_district, church, believe_jesus AS believer,
               children_count AS number_of_children, created_at, updated_at
          FROM guardian""",
    "student_guardian": """
        SELECT guardian_id::bigint AS id, student_id::bigint AS student_id, guardian_id::bigint AS guardian_id,
               upper(relation) AS relation,
               row_number() OVER (PARTITION BY student_id ORDER BY guardian_id)::integer AS contact_priority,
               created_at, updated_at
          FROM guardian""",
    "family_info": """
        SELECT familyinfo_id::bigint AS id, student_id::bigint AS student_id, living_with, living_condition, own_house,
               religion, church_name AS church, duration_in_kpc AS duration_in_district, can_help_school,
               help_amount::numeric(19, 4) AS help_amount, help_frequency, know_school AS know_school_from,
               organization_help AS organisation_help, poverty_card, created_at, updated_at
          FROM family_info""",
    "scholarship": """
        SELECT scholarship_id::bigint AS id, student_id::bigint AS student_id, type AS name, sponsor AS provider,
               amount::numeric(19, 4) AS amount, 'USD' AS currency, created_at::date AS start_date,
               created_at, updated_at
          FROM scholarship""",
    "school_enrollment": """
        SELECT student_id::bigint AS id, student_id::bigint AS student_id, y.school_year_id::bigint AS school_year_id,
               ('{levels}'::jsonb ->> substring(class FROM '^[0-9]+'))::bigint AS grade_level_id,
               make_date(2022 + y.school_year_id, 9, 1) AS entry_date
          FROM student s JOIN school_year y ON y.school_year_code = s.school_year""",
    "course": """
        SELECT course_id::bigint AS id, school_year_id::bigint AS school_year_id,
               ('{levels}'::jsonb ->> grade)::bigint AS grade_level_id, section, course_name AS name,
               created_at, updated_at
          FROM course""",
    "course_teacher": """
        SELECT (course_id * 3 + position)::bigint AS id, course_id::bigint AS course_id, user_id::bigint AS user_id,
               CASE position WHEN 1 THEN 'LEAD' ELSE 'ASSISTANT' END AS role, position::integer AS position
          FROM (SELECT course_id, user_id, min(position) AS position
                  FROM course, unnest(ARRAY[teacher_id1, teacher_id2, teacher_id3])
                       WITH ORDINALITY t (user_id, position)
                 WHERE user_id IS NOT NULL GROUP BY course_id, user_id) AS teaching""",
    "enrollment": """
        SELECT enrollment_id::bigint AS id, course_id::bigint AS course_id, student_id::bigint AS student_id,
               created_at::date AS begin_date, coalesce(drop_date, created_at + interval '9 months')::date AS end_date,
               CASE WHEN "drop" THEN 'DROPPED' ELSE 'COMPLETED' END AS status,
               drop_semester_id::bigint AS drop_semester_id, drop_date::date AS drop_date, drop_reason,
               created_at, updated_at
          FROM enrollment""",
    "grade": """
        SELECT grade_id::bigint AS id, student_id::bigint AS student_id, course_id::bigint AS course_id,
               subject_id::bigint AS subject_id, semester_id::bigint AS semester_id, grade_date::date AS date,
               grade::numeric(9, 4) AS score, grade_comment AS comment, user_id::bigint AS graded_by_id,
               last_edit AS last_edited_at, created_at, updated_at
          FROM grade""",
    "attendance": """
        SELECT attendance_id::bigint AS id, attendance_date AS date, student_id::bigint AS student_id,
               course_id::bigint AS course_id, session::text AS session, upper(status) AS status, upper(status) AS code,
               reason, substring(recorded_by FROM 5)::bigint AS recorded_by_id, semester_id::bigint AS semester_id,
               school_year_id::bigint AS school_year_id, created_at, updated_at
          FROM attendance""",
}


def reading(table: str, school: int, levels: str) -> str:
    """The statement that reads the rows of our `table`, all with the key of the institution."""
    query = TABLES[table].replace("{levels}", levels)
    return f"SELECT {school}::bigint AS institution_id, r.* FROM ({query}) AS r"
