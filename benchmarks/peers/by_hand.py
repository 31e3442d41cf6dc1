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
    return f"""SELECT {columns}, student_id FROM {table}
        WHERE institution_id = 1 AND student_id = ANY ($1::bigint[]) ORDER BY {order}"""


def named(columns: str, table: str) -> str:
    return f"SELECT {columns} FROM {table} WHERE institution_id = 1 AND id = ANY ($1::bigint[])"


async def found(connection: Connection, columns: str, table: str, keys: set[int]) -> dict[int, Any]:
    """Rows by their keys, which are their last column."""
    return {row[-1]: row for row in await connection.fetch(named(columns, table), list(keys))}


async def told(connection: Connection, name: str, column: str, table: str, keys: set[int]) -> dict[int, Any]:
    """Objects of one value by their keys."""
    rows = await found(connection, f"{column}, id", table, keys)
    return {key: {name: row[0]} for key, row in rows.items()}


async def people_of(connection: Connection, prefix: str, table: str, keys: set[int]) -> dict[int, Any]:
    rows = await found(connection, "first_name, last_name, id", table, keys)
    return {key: {"id": f"{prefix}_{key}", "firstName": row[0], "lastName": row[1]} for key, row in rows.items()}
