"""Whether the database has ended a session that was idle, which its driver does not know before the loop has read it.

A restart, `pg_terminate_backend` or a time-out says farewell and hangs up: there is something to be read where the last
answer has been read to its end. That holds on a socket of the system, over TCP and over TLS alike, as what the server
sends about TLS itself comes before its first answer. PostgreSQL sends nothing else to a session that asks nothing and
listens to nothing; where something between does, a connection is given up that could have been used, and no more.
"""

import select
from collections.abc import Callable
from typing import Any

Look = Callable[[], bool]


def look_of(transport: Any) -> Look:
    """What tells at any time, by a system call of half a microsecond, whether a connection has been ended."""
    waiting = select.poll()
    waiting.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def ended() -> bool:
        # Of one that the loop has begun to close the number may be another's already.
        return bool(transport.is_closing() or waiting.poll(0))

    return ended
