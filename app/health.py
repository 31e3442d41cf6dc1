"""Whether the process lives, and whether it can serve: for whatever watches over it."""

import asyncio
import logging
from typing import Protocol

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

log = logging.getLogger("schoolgraph.health")
PATIENCE = 2.0
NO_STORE = {"cache-control": "no-store"}


class Reachable(Protocol):
    async def ping(self) -> None:
        """One round trip to the database; raises when it does not answer."""


async def live(request: Request) -> Response:
    """200 as long as the process answers at all; says nothing of the database, which a restart would not mend."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


async def ready(request: Request) -> Response:
    """200 when the database answers within two seconds, else 503: send the requests elsewhere for now."""
    database: Reachable = request.app.state.database
    try:
        async with asyncio.timeout(PATIENCE):
            await database.ping()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("not ready", exc_info=error)
        return JSONResponse({"status": "the database does not answer"}, 503, headers=NO_STORE)
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


def health_routes() -> list[BaseRoute]:
    return [Route("/livez", live), Route("/readyz", ready)]
