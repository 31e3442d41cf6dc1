"""Makes the database roles and the database: once a cluster, by somebody who may create roles.

schoolgraph_owner   owns and migrates; need not be superuser
schoolgraph_api     what the server connects as: owns nothing, cannot bypass row-level security
schoolgraph_read    reads only, for a read pool and reporters; sees no hash of a password or token, and what is
                    sealed as it is stored
schoolgraph_search  owns the search function; reads what it searches, nothing else
"""

import asyncpg

ROLES = ("schoolgraph_owner", "schoolgraph_api", "schoolgraph_read", "schoolgraph_search")


async def _make_roles(connection: asyncpg.Connection) -> None:
    for role in ROLES:
        if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            await connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    # The owner replaces the search role's functions when they change.
    await connection.execute("GRANT schoolgraph_search TO schoolgraph_owner")
    # The owner, who could drop foreign keys, may let them rest while it loads in bulk and checks them itself. Without
    # this a load takes five times as long, no more: whoever is not allowed to grant it goes on.
    if await connection.fetchval("SELECT has_parameter_privilege('session_replication_role', 'SET WITH GRANT OPTION')"):
        await connection.execute("GRANT SET ON PARAMETER session_replication_role TO schoolgraph_owner")


async def _make_database(connection: asyncpg.Connection, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        # Collation C sorts and serves prefixes by plain indexes everywhere; the character type folds accents rightly.
        await connection.execute(
            f"CREATE DATABASE {quoted} OWNER schoolgraph_owner TEMPLATE template0 ENCODING 'UTF8'"
            " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        )
    await connection.execute(f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")
    await connection.execute(
        f"GRANT CONNECT ON DATABASE {quoted} TO schoolgraph_api, schoolgraph_read, schoolgraph_search"
    )
    # Compiling a statement to machine code costs more than our short statements run.
    await connection.execute(f"ALTER DATABASE {quoted} SET jit = off")


async def bootstrap(admin_url: str, *, database: str = "schoolgraph") -> None:
    """Make what is missing; running it again changes nothing.

    `admin_url` leads to any database of the cluster, as a role that may create roles and databases.
    """
    connection = await asyncpg.connect(admin_url)
    try:
        await _make_roles(connection)
        await _make_database(connection, database)
    finally:
        await connection.close()
