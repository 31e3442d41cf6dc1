"""Texts that tell a person wherever they stand: numbers, addresses and names that are nobody else's."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from resolvers.privacy.found import People
from resolvers.rows import Row
from resolvers.writing.once import BLOTTED

# Shorter texts would be found in words that have nothing to do with the person.
SHORTEST = 5
TELLING: Mapping[str, tuple[str, ...]] = {
    "student": ("student_number", "mobile", "phone", "email"),
    "guardian": ("mobile", "phone", "email"),
    "app_user": ("username", "email", "mobile", "phone"),
}
# What somebody else has too tells nobody, and blotting it out would take it from them: a brother's telephone, or what
# is known of somebody who was taken out with an import and has come back with the next one.
_OWN = """
SELECT n FROM unnest($2::text[]) n
WHERE NOT EXISTS (SELECT FROM student s WHERE s.institution_id = $1 AND s.id <> ALL($3::bigint[])
                  AND lower(n) IN (lower(s.first_name || ' ' || s.last_name), s.mobile, s.phone, s.email_folded))
  AND NOT EXISTS (SELECT FROM guardian g WHERE g.institution_id = $1 AND g.id <> ALL($4::bigint[])
                  AND lower(n) IN (lower(g.full_name), g.mobile, g.phone, g.email_folded))
  AND NOT EXISTS (SELECT FROM app_user u WHERE u.institution_id = $1 AND u.id <> ALL($5::bigint[])
                  AND lower(n) IN (lower(concat_ws(' ', u.first_name, u.last_name)), u.mobile, u.phone, u.email_folded))
  AND NOT EXISTS (SELECT FROM external_id x WHERE x.institution_id = $1 AND x.id <> ALL($6::bigint[]) AND x.value = n)
"""
Rows = Mapping[str, Sequence[Any]]


def _names(rows: Rows) -> set[str]:
    named = [*rows["student"], *rows["app_user"]]
    full = {f"{row['first_name']} {row['last_name']}" for row in named if row["first_name"] and row["last_name"]}
    return full | {row["full_name"] for row in rows["guardian"]}


async def marks(connection: "asyncpg.Connection[Row]", who: People, rows: Rows) -> list[str]:
    """The texts, in order; `rows` are the person's as they still stand, or as they were when they went."""
    found = {row[name] for table, names in TELLING.items() for row in rows[table] for name in names}
    found |= {row["value"] for row in rows["external_id"] if row["entity"] in TELLING}
    texts = sorted(text for text in {*found, *_names(rows)} if text and len(text) >= SHORTEST and text != BLOTTED)
    external = [row["id"] for row in rows["external_id"]]
    own = await connection.fetch(_OWN, who.institution_id, texts, who.students, who.guardians, who.users, external)
    return [row["n"] for row in own]
