-- name: marks
-- Marks, courses and codes alone: nothing is asked about enrolments, lessons or rosters.
SELECT c.grade_level_id, c.section, a.status, count(*), sum(k.present_value)
FROM attendance a
JOIN course c ON c.institution_id = a.institution_id AND c.id = a.course_id
JOIN attendance_code k ON k.institution_id = a.institution_id AND k.code = a.code
WHERE a.institution_id = $1 AND a.date BETWEEN $2 AND $3
GROUP BY c.grade_level_id, c.section, a.status

-- name: joined
-- The same, of marks on lesson days of those enrolled, with the rosters: outer joins, without which the planner expects
-- a few hundred rows, and looks the rest up one by one.
SELECT c.grade_level_id, c.section, a.status, count(*) FILTER (WHERE e.id IS NOT NULL AND d.kind IS NOT NULL),
    sum(k.present_value) FILTER (WHERE e.id IS NOT NULL AND d.kind IS NOT NULL AND t.id IS NOT NULL)
FROM attendance a
JOIN course c ON c.institution_id = a.institution_id AND c.id = a.course_id
JOIN attendance_code k ON k.institution_id = a.institution_id AND k.code = a.code
LEFT JOIN calendar_day d ON d.institution_id = a.institution_id AND d.date = a.date
    AND d.kind IN ('INSTRUCTIONAL', 'MAKE_UP')
LEFT JOIN enrollment e ON e.institution_id = $1 AND e.student_id = a.student_id AND e.course_id = a.course_id
    AND e.begin_date <= a.date AND (e.end_date IS NULL OR e.end_date >= a.date)
LEFT JOIN attendance_taken t ON t.institution_id = $1 AND t.course_id = a.course_id AND t.date = a.date
    AND t.session = a.session
WHERE a.institution_id = $1 AND a.date BETWEEN $2 AND $3
GROUP BY c.grade_level_id, c.section, a.status

-- name: expected
-- What is expected, apart: of every span the lesson days and those taken, by level and section.
SELECT c.grade_level_id, c.section, sum(e.students * (SELECT count(*) FROM calendar_day d
        WHERE d.institution_id = $1 AND d.kind IN ('INSTRUCTIONAL', 'MAKE_UP') AND d.date BETWEEN $2 AND $3
        AND d.date BETWEEN e.begin_date AND coalesce(e.end_date, d.date))),
    sum(e.students * (SELECT count(*) FROM attendance_taken t
        WHERE t.institution_id = $1 AND t.course_id = e.course_id AND t.date BETWEEN $2 AND $3
        AND t.date BETWEEN e.begin_date AND coalesce(e.end_date, t.date)))
FROM (SELECT course_id, begin_date, end_date, count(*) AS students FROM enrollment WHERE institution_id = $1
    GROUP BY course_id, begin_date, end_date) e
JOIN course c ON c.institution_id = $1 AND c.id = e.course_id
GROUP BY c.grade_level_id, c.section

-- name: averages
-- The mean of all marks of each student, with its rank: neither categories nor subjects nor scales.
SELECT g.student_id, avg(g.score), rank() OVER (ORDER BY avg(g.score) DESC)
FROM grade g WHERE g.institution_id = $1 AND $2::date <= $3::date GROUP BY g.student_id
