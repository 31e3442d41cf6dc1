"""Which rows of which table are a person's: the student's, and those of whom the school knows only for the student.

Those are guardians who belong to no other child, and the accounts of both, unless an account has a role of its own
at the school: then it is a member of the staff's, and stays.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import asyncpg

from models import Role
from resolvers.privacy.held import HELD, Held
from resolvers.rows import Row

FAMILY = (Role.STUDENT.value, Role.GUARDIAN.value)
_STAFF = f"""
    EXISTS (SELECT FROM user_role r WHERE r.institution_id = $1 AND r.user_id = a.id
            AND r.role NOT IN ({", ".join(f"'{role}'" for role in FAMILY)}))
"""
PEOPLE = f"""
WITH families AS (
    SELECT DISTINCT l.guardian_id AS id FROM student_guardian l
    WHERE l.institution_id = $1 AND l.student_id = $2 AND NOT EXISTS (
        SELECT FROM student_guardian o
        WHERE o.institution_id = $1 AND o.guardian_id = l.guardian_id AND o.student_id <> $2)
), accounts AS (
    SELECT a.id, a.photo_id FROM app_user a
    WHERE a.institution_id = $1 AND a.id IN (
        SELECT s.user_id FROM student s WHERE s.institution_id = $1 AND s.id = $2
        UNION SELECT g.user_id FROM guardian g WHERE g.institution_id = $1 AND g.id IN (SELECT id FROM families))
      AND NOT {_STAFF}
      AND NOT EXISTS (SELECT FROM student s WHERE s.institution_id = $1 AND s.user_id = a.id AND s.id <> $2)
      AND NOT EXISTS (SELECT FROM guardian g WHERE g.institution_id = $1 AND g.user_id = a.id
                      AND g.id NOT IN (SELECT id FROM families))
), photos AS (
    SELECT photo_id AS id FROM student WHERE institution_id = $1 AND id = $2
    UNION SELECT photo_id FROM accounts
)
SELECT ARRAY[$2::bigint] AS students,
       ARRAY(SELECT id FROM families ORDER BY id) AS guardians,
       ARRAY(SELECT id FROM accounts ORDER BY id) AS users,
       ARRAY(SELECT p.id FROM photos p WHERE p.id IS NOT NULL
             AND NOT EXISTS (SELECT FROM student s WHERE s.institution_id = $1 AND s.photo_id = p.id AND s.id <> $2)
             AND NOT EXISTS (SELECT FROM app_user u WHERE u.institution_id = $1 AND u.photo_id = p.id
                             AND u.id NOT IN (SELECT id FROM accounts))
             AND NOT EXISTS (SELECT FROM school_profile o WHERE o.institution_id = $1 AND o.logo_id = p.id)
             ORDER BY p.id) AS files,
       EXISTS (SELECT FROM student s JOIN app_user a ON a.institution_id = $1 AND a.id = s.user_id
               WHERE s.institution_id = $1 AND s.id = $2 AND {_STAFF}) AS on_staff
"""
_KEYS = (
    "k AS (SELECT $1::bigint AS tenant, $2::bigint[] AS students, $3::bigint[] AS guardians,"
    " $4::bigint[] AS users, $5::bigint[] AS files)"
)
CONDITIONS = {
    "student": "t.id = ANY(k.students)",
    "of_student": "t.student_id = ANY(k.students)",
    "of_readings": "t.id = ANY(public.readings_of(k.students))",
    "of_report_card": "t.report_card_id IN (SELECT c.id FROM report_card c"
    " WHERE c.institution_id = k.tenant AND c.student_id = ANY(k.students))",
    "guardian": "t.id = ANY(k.guardians)",
    "user": "t.id = ANY(k.users)",
    "of_user": "t.user_id = ANY(k.users)",
    "file": "t.id = ANY(k.files)",
    "acted": "(t.actor_kind = 'USER' AND t.actor_id = ANY(k.users)"
    " OR t.action LIKE 'student.%' AND t.details ->> 'id' = ANY(k.students::text[])"
    " OR t.action LIKE 'guardian.%' AND t.details ->> 'id' = ANY(k.guardians::text[])"
    " OR t.action LIKE 'user.%' AND t.details ->> 'id' = ANY(k.users::text[]))",
    "acted_on": "t.actor_kind = 'USER' AND t.actor_id = ANY(k.users)",
    "published": "(t.topic = 'student' AND t.key = ANY(k.students::text[])"
    " OR t.topic = 'guardian' AND t.key = ANY(k.guardians::text[])"
    " OR t.topic = 'user' AND t.key = ANY(k.users::text[])"
    " OR t.topic = 'alarm' AND t.payload ->> 'actorKind' = 'USER' AND t.key = ANY(k.users::text[]))",
    "sent": "(t.actor_kind = 'USER' AND t.actor_id = ANY(k.users) OR EXISTS (SELECT FROM unnest(k.students) s"
    """ WHERE strpos(t.answer::text, '"stu_' || s || '"') > 0))""",
}
# The tables whose rows other tables name by their key. No table names entries of the access log.
NAMED = tuple(
    held
    for held in HELD.values()
    if held.found in CONDITIONS and held.found not in ("of_readings", "acted", "acted_on", "published")
)


@dataclass(frozen=True)
class People:
    """Keys of the rows of people: the student, guardians and accounts that are the student's alone, their photos."""

    institution_id: int
    students: list[int]
    guardians: list[int]
    users: list[int]
    files: list[int]
    on_staff: bool

    @property
    def arguments(self) -> tuple[Any, ...]:
        return self.institution_id, self.students, self.guardians, self.users, self.files


async def people(connection: "asyncpg.Connection[Row]", institution_id: int, student: int) -> People:
    row = await connection.fetchrow(PEOPLE, institution_id, student)
    assert row is not None
    return People(institution_id, **dict(row))


def _about(name: str, key: str) -> str:
    """The rows that name a person's row of any table by the table's name and the row's key."""
    each = (
        f"t.{name} = '{held.table}' AND t.{key} IN (SELECT t.id FROM {held.table} t"
        f" WHERE t.institution_id = k.tenant AND {CONDITIONS[held.found]})"
        for held in NAMED
    )
    return " OR ".join(each)


@lru_cache(maxsize=64)
def condition(held: Held) -> str:
    """SQL: the rows `t` of the table that are the person's, whose keys are in `k`."""
    if held.found == "named":
        return f"({_about('entity', 'record_id')})"
    if held.found == "told":
        told = "coalesce(t.after, t.before) ->> 'student_id' = ANY(k.students::text[])"
        return f"({_about('table_name', 'record_id')} OR {told})"
    return CONDITIONS[held.found]


@lru_cache(maxsize=256)
def selection(held: Held, columns: str) -> str:
    """SELECT of the person's rows; its arguments are `People.arguments`."""
    order = ", ".join(f"t.{key}" for key in held.keys)
    return (
        f"WITH {_KEYS} SELECT {columns} FROM {held.table} t, k"
        f" WHERE t.institution_id = k.tenant AND {condition(held)} ORDER BY {order}"
    )
