"""What the operations written by hand share: rows by their keys, and the courses that several of them show."""

from typing import Any

Connection = Any
Values = dict[str, Any]
LEAD = """(SELECT user_id FROM course_teacher AS t WHERE t.institution_id = c.institution_id AND t.course_id = c.id
    AND t.role = 'LEAD' ORDER BY position LIMIT 1)"""


def key_of(values: Values, name: str) -> int:
    """The key in an id."""
    return int(values[name].rpartition("_")[2])


def below(columns: str, table: str, order: str) -> str:
    """The rows of students, whose key comes last."""
    return f"""SELECT {columns}, student_id FROM {table}
        WHERE institution_id = 1 AND student_id = ANY ($1::bigint[]) ORDER BY {order}"""


def named(columns: str, table: str) -> str:
    """The rows of keys."""
    return f"SELECT {columns} FROM {table} WHERE institution_id = 1 AND id = ANY ($1::bigint[])"


async def found(connection: Connection, columns: str, table: str, keys: set[int]) -> dict[int, Any]:
    """Rows by their keys, which are their last column."""
    return {row[-1]: row for row in await connection.fetch(named(columns, table), list(keys))}


async def told(connection: Connection, name: str, table: str, keys: set[int]) -> dict[int, Any]:
    """Objects of one value, which is called as its column is, by their keys."""
    rows = await found(connection, f"{name}, id", table, keys)
    return {key: {name: row[0]} for key, row in rows.items()}


async def titles_of(connection: Connection, keys: set[int]) -> dict[int, Any]:
    """Courses with id and name."""
    rows = await found(connection, "name, id", "course", keys)
    return {key: {"id": f"crs_{key}", "name": row[0]} for key, row in rows.items()}


async def people_of(connection: Connection, prefix: str, table: str, keys: set[int]) -> dict[int, Any]:
    """Students or users with id and name; `prefix` is that of their ids."""
    rows = await found(connection, "first_name, last_name, id", table, keys)
    return {key: {"id": f"{prefix}_{key}", "firstName": row[0], "lastName": row[1]} for key, row in rows.items()}
