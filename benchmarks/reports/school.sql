-- A school of 50,000 in 1,250 classes of 40: 105 lesson days, 12 subjects with two marks each.
-- Run as a superuser in an empty database; `made` has the key of the institution and what it started with.
SET ROLE schoolgraph_owner;

INSERT INTO school_year (institution_id, id, code, start_date, end_date, current)
SELECT school, 1, '2025-2026', '2025-06-02', '2026-04-30', true FROM made;
INSERT INTO semester (institution_id, id, school_year_id, name, code, sequence, start_date, end_date)
SELECT school, 1, 1, 'First semester', 'S1', 1, '2025-06-02', '2026-02-28' FROM made;
INSERT INTO calendar_day (institution_id, school_year_id, date, kind)
SELECT school, 1, day, CASE WHEN extract(isodow FROM day) < 6 THEN 'INSTRUCTIONAL' ELSE 'NON_INSTRUCTIONAL' END
FROM made, generate_series(date '2025-10-06', date '2026-02-27', '1 day') AS day;
INSERT INTO subject (institution_id, id, name) SELECT school, n, 'Subject ' || n FROM made, generate_series(1, 12) n;
INSERT INTO grading_scale (institution_id, id, name, min_score, max_score, pass_mark, school_default)
SELECT school, 1, 'Percent', 0, 100, 35, true FROM made;
INSERT INTO grading_scale_band (institution_id, grading_scale_id, lower_bound, letter)
SELECT school, 1, bound, chr(74 - bound / 10) FROM made, generate_series(0, 90, 10) AS bound;
INSERT INTO assessment_category (institution_id, id, name, weight)
SELECT school, n, name, weight FROM made, (VALUES (1, 'Exam', 3), (2, 'Homework', 1)) AS kind (n, name, weight);
UPDATE attendance_code SET present_value = 0.5 WHERE code = 'LATE';

INSERT INTO student (institution_id, id, student_number, first_name, last_name, gender, date_of_birth, registration_date)
SELECT school, n, 'STU-2025-' || n, 'First' || n * 61 % 997, 'Last' || n * 4099 % 4999,
    CASE n % 2 WHEN 0 THEN 'FEMALE' ELSE 'MALE' END, date '2010-01-01' + n % 2000, '2020-06-01'
FROM made, generate_series(1, 50000) n;
INSERT INTO course (institution_id, id, school_year_id, grade_level_id, section, name, class_type)
SELECT school, n, 1, l.id, 'S' || (n - 1) / 12, 'Class ' || l.code || ' S' || (n - 1) / 12, 'HOMEROOM'
FROM made, generate_series(1, 1250) n JOIN grade_level l ON l.sequence = 1 + n % 12;
INSERT INTO course_subject (institution_id, course_id, subject_id, coefficient)
SELECT school, c, s, 1 + s % 3 FROM made, generate_series(1, 1250) c, generate_series(1, 12) s;
INSERT INTO enrollment (institution_id, course_id, student_id, begin_date, end_date)
SELECT school, 1 + (n - 1) / 40, n, date '2025-06-02' + CASE n % 50 WHEN 0 THEN 150 + n / 50 % 30 ELSE 0 END,
    CASE n % 90 WHEN 0 THEN date '2025-12-01' + n / 90 % 30 END
FROM made, generate_series(1, 50000) n;
INSERT INTO assessment (institution_id, id, course_id, subject_id, semester_id, category_id, title, date)
SELECT school, 2 * (12 * (c - 1) + s) - k, c, s, 1, 1 + k, 'Assessment', date '2025-11-03' + 30 * k
FROM made, generate_series(1, 1250) c, generate_series(1, 12) s, generate_series(0, 1) k;
INSERT INTO grade (institution_id, student_id, course_id, subject_id, semester_id, assessment_id, date, score)
SELECT school, e.student_id, e.course_id, a.subject_id, 1, a.id, a.date,
    (e.student_id::bigint * 31 + a.subject_id * 17 + a.category_id * 29) * 7 % 1001 / 10.0
FROM made JOIN enrollment e ON e.institution_id = school
JOIN assessment a ON a.institution_id = school AND a.course_id = e.course_id
WHERE (e.student_id + a.subject_id * 3 + a.category_id) % 71 > 0 ORDER BY e.course_id, a.subject_id;
INSERT INTO attendance_taken (institution_id, course_id, date)
SELECT school, c, d.date FROM made JOIN calendar_day d ON d.institution_id = school, generate_series(1, 1250) c
WHERE d.kind = 'INSTRUCTIONAL' AND (c + d.date - date '2025-01-01') % 41 > 0;

-- Filled before they are attached, so that their indexes are built and not grown.
DROP TABLE attendance_p2025, attendance_p2026;
CREATE TABLE attendance_p2025 (LIKE attendance INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE attendance_p2026 (LIKE attendance INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TEMPORARY TABLE marked AS
SELECT t.date, e.student_id, e.course_id, t.date >= '2026-01-01' AS later,
    (ARRAY['PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT',
        'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'ABSENT', 'LATE', 'EXCUSED', 'ABSENT', 'LATE'])
        [1 + (e.student_id * 13 + (t.date - date '2025-01-01') * 7) % 20] AS status
FROM attendance_taken t JOIN enrollment e USING (institution_id, course_id)
WHERE t.date BETWEEN e.begin_date AND coalesce(e.end_date, t.date)
    AND (e.student_id + (t.date - date '2025-01-01') * 3) % 199 > 0
ORDER BY t.date, e.course_id;
INSERT INTO attendance_p2025 (institution_id, id, date, student_id, course_id, status, code, semester_id, school_year_id)
SELECT school, row_number() OVER (), date, student_id, course_id, status, status, 1, 1 FROM made, marked WHERE NOT later;
INSERT INTO attendance_p2026 (institution_id, id, date, student_id, course_id, status, code, semester_id, school_year_id)
SELECT school, 10000000 + row_number() OVER (), date, student_id, course_id, status, status, 1, 1 FROM made, marked
WHERE later;
DROP TABLE marked;
-- Attaching asks for what the rows refer to, as a join that is planned.
ANALYZE;
ALTER TABLE attendance ATTACH PARTITION attendance_p2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE attendance ATTACH PARTITION attendance_p2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE attendance_p2025 ENABLE ROW LEVEL SECURITY;
ALTER TABLE attendance_p2026 ENABLE ROW LEVEL SECURITY;
