-- One statement for each operation; each gives the whole response as bytes. The tenant is set by the transaction.

-- name: student (student)
SELECT json_build_object('student', (SELECT row_to_json(t) FROM (
    SELECT 'stu_' || id AS id, last_name AS "lastName", first_name AS "firstName", gender,
           date_of_birth AS "dateOfBirth", status, mobile, phone
      FROM student WHERE id = $1::bigint) t))

-- name: everything (student)
SELECT json_build_object('student', (SELECT row_to_json(t) FROM (
    SELECT 'stu_' || id AS id, student_number AS "studentNumber", first_name AS "firstName", last_name AS "lastName",
           gender, date_of_birth AS "dateOfBirth", status,
           (SELECT coalesce(json_agg(g), '[]') FROM (
               SELECT l.relation, l.legal_guardian AS "legalGuardian",
                      json_build_object('firstName', p.first_name, 'lastName', p.last_name, 'mobile', p.mobile, 'email', p.email) AS guardian
                 FROM student_guardian l JOIN guardian p ON p.institution_id = l.institution_id AND p.id = l.guardian_id
                WHERE l.student_id = s.id ORDER BY l.contact_priority, l.id) g) AS guardians,
           (SELECT row_to_json(f) FROM (
               SELECT living_with AS "livingWith", living_condition AS "livingCondition", own_house AS "ownHouse"
                 FROM family_info WHERE student_id = s.id) f) AS "familyInfo",
           (SELECT coalesce(json_agg(h), '[]') FROM (
               SELECT name, provider, trim_scale(amount)::text AS amount, currency, status, start_date AS "startDate",
                      end_date AS "endDate"
                 FROM scholarship WHERE student_id = s.id ORDER BY start_date DESC, id DESC) h) AS scholarships,
           (SELECT coalesce(json_agg(e), '[]') FROM (
               SELECT e.status, e.begin_date AS "beginDate", e.end_date AS "endDate", json_build_object(
                      'name', c.name, 'section', c.section, 'schoolYear', json_build_object('code', y.code),
                      'teachers', (SELECT coalesce(json_agg(json_build_object('role', k.role, 'user', json_build_object(
                                          'firstName', u.first_name, 'lastName', u.last_name)) ORDER BY k.position), '[]')
                                     FROM course_teacher k
                                     JOIN app_user u ON u.institution_id = k.institution_id AND u.id = k.user_id
                                    WHERE k.institution_id = c.institution_id AND k.course_id = c.id)) AS course
                 FROM enrollment e JOIN course c ON c.institution_id = e.institution_id AND c.id = e.course_id
                 JOIN school_year y ON y.institution_id = c.institution_id AND y.id = c.school_year_id
                WHERE e.student_id = s.id ORDER BY e.begin_date, e.id) e) AS enrollments,
           (SELECT coalesce(json_agg(g), '[]') FROM (
               SELECT g.date, trim_scale(g.score)::text AS score, g.score_status AS "scoreStatus",
                      json_build_object('name', b.name) AS subject, json_build_object('code', m.code) AS semester,
                      json_build_object('name', c.name) AS course
                 FROM grade g JOIN subject b ON b.institution_id = g.institution_id AND b.id = g.subject_id
                 JOIN course c ON c.institution_id = g.institution_id AND c.id = g.course_id
                 LEFT JOIN semester m ON m.institution_id = g.institution_id AND m.id = g.semester_id
                WHERE g.student_id = s.id ORDER BY g.date, g.id) g) AS grades,
           (SELECT coalesce(json_agg(a), '[]') FROM (
               SELECT a.date, a.session, a.status, a.reason, json_build_object('name', c.name) AS course,
                      json_build_object('name', m.name) AS semester
                 FROM attendance a JOIN course c ON c.institution_id = a.institution_id AND c.id = a.course_id
                 LEFT JOIN semester m ON m.institution_id = a.institution_id AND m.id = a.semester_id
                WHERE a.student_id = s.id ORDER BY a.date, a.id) a) AS attendance
      FROM student s WHERE s.id = $1::bigint) t))

-- name: page (first)
SELECT json_build_object('students', json_build_object('nodes', coalesce(json_agg(t), '[]'))) FROM (
    SELECT 'stu_' || id AS id, first_name AS "firstName", last_name AS "lastName", status,
           (SELECT coalesce(json_agg(g), '[]') FROM (
               SELECT l.relation,
                      json_build_object('firstName', p.first_name, 'lastName', p.last_name, 'mobile', p.mobile) AS guardian
                 FROM student_guardian l JOIN guardian p ON p.institution_id = l.institution_id AND p.id = l.guardian_id
                WHERE l.institution_id = s.institution_id AND l.student_id = s.id ORDER BY l.contact_priority, l.id) g) AS guardians,
           (SELECT coalesce(json_agg(e), '[]') FROM (
               SELECT 'enr_' || e.id AS id, e.status, json_build_object('id', 'crs_' || c.id, 'name', c.name,
                      'teachers', (SELECT coalesce(json_agg(json_build_object('role', k.role, 'user', json_build_object(
                                          'firstName', u.first_name, 'lastName', u.last_name)) ORDER BY k.position), '[]')
                                     FROM course_teacher k
                                     JOIN app_user u ON u.institution_id = k.institution_id AND u.id = k.user_id
                                    WHERE k.institution_id = c.institution_id AND k.course_id = c.id)) AS course
                 FROM enrollment e JOIN course c ON c.institution_id = e.institution_id AND c.id = e.course_id
                WHERE e.institution_id = s.institution_id AND e.student_id = s.id ORDER BY e.begin_date, e.id) e) AS enrollments,
           (SELECT coalesce(json_agg(g), '[]') FROM (
               SELECT 'grd_' || g.id AS id, g.date, trim_scale(g.score)::text AS score, json_build_object('name', b.name) AS subject
                 FROM grade g JOIN subject b ON b.institution_id = g.institution_id AND b.id = g.subject_id
                WHERE g.institution_id = s.institution_id AND g.student_id = s.id ORDER BY g.date, g.id) g) AS grades
      FROM (SELECT * FROM student WHERE deleted_at IS NULL ORDER BY last_name, first_name, id LIMIT $1::bigint) s
     ORDER BY last_name, first_name, s.id) t

-- name: marks (course, semester)
SELECT json_build_object('grades', json_build_object('nodes', coalesce(json_agg(t), '[]'))) FROM (
    SELECT 'grd_' || g.id AS id, g.date, trim_scale(g.score)::text AS score, g.comment,
           json_build_object('id', 'stu_' || s.id, 'firstName', s.first_name, 'lastName', s.last_name) AS student,
           json_build_object('name', b.name) AS subject,
           CASE WHEN u.id IS NOT NULL THEN json_build_object('firstName', u.first_name, 'lastName', u.last_name) END AS "gradedBy"
      FROM grade g JOIN student s ON s.institution_id = g.institution_id AND s.id = g.student_id
      JOIN subject b ON b.institution_id = g.institution_id AND b.id = g.subject_id
      LEFT JOIN app_user u ON u.institution_id = g.institution_id AND u.id = g.graded_by_id
     WHERE g.course_id = $1::bigint AND g.semester_id = $2::bigint
     ORDER BY g.student_id, g.subject_id, g.id) t

-- name: attendance (course, from, to)
SELECT json_build_object('attendances', json_build_object('nodes', coalesce(json_agg(t), '[]'))) FROM (
    SELECT a.date, a.session, a.status, a.reason,
           json_build_object('id', 'stu_' || s.id, 'firstName', s.first_name, 'lastName', s.last_name) AS student,
           json_build_object('name', c.name) AS course,
           CASE WHEN m.id IS NOT NULL THEN json_build_object('code', m.code) END AS semester
      FROM attendance a JOIN student s ON s.institution_id = a.institution_id AND s.id = a.student_id
      JOIN course c ON c.institution_id = a.institution_id AND c.id = a.course_id
      LEFT JOIN semester m ON m.institution_id = a.institution_id AND m.id = a.semester_id
     WHERE a.course_id = $1::bigint AND a.date BETWEEN $2::date AND $3::date
     ORDER BY a.date, a.id) t

-- name: flat (first)
SELECT json_build_object('students', json_build_object('nodes', coalesce(json_agg(t), '[]'))) FROM (
    SELECT 'stu_' || id AS id, student_number AS "studentNumber", first_name AS "firstName", last_name AS "lastName",
           gender, date_of_birth AS "dateOfBirth", status, registration_date AS "registrationDate", mobile, village,
           district, vaccinated
      FROM student WHERE deleted_at IS NULL ORDER BY last_name, first_name, student.id LIMIT $1::bigint) t
