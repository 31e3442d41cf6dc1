"""The ASGI application, put together in one place.

    POST, GET /graphql     the API                 /livez    the process lives
    POST, GET /export      lists and reports       /readyz   it can serve: the database answers
    GET       /reports/…   printed reports         /metrics  what is counted, for Prometheus
    GET       /files/12    photos and logos
    GET       /graphiql    the explorer

Middleware is pure ASGI throughout: Starlette's BaseHTTPMiddleware would hide from the endpoint that a client has gone.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import request_ids
from app.calls import PREFLIGHT_HEADERS
from app.database import Database
from app.endpoint import Bounds, Contexts, Endpoint
from app.engine import Engine
from app.explorer_routes import explorer_routes
from app.failures import Refusal
from app.file_routes import file_routes
from app.health import Reachable, health_routes
from app.limits import Limits
from app.metrics_routes import metrics_routes
from app.print_routes import print_routes
from app.settings import Settings, SettingsError
from app.shortcut import Application
from app.status import LEGACY
from app.tables.endpoint import Exports
from app.tables.job import REDACTED, ExportBounds
from app.tenancy import prove
from app.urls import Urls
from schema.root import schema as school

# A page of 10,000 rows makes some 30,000 containers and drops them again; the default of 700 would look through them,
# and through all that is older, again and again for cycles that are not there.
COLLECTOR = (100_000, 20, 50)
API = "/graphql"


class Serving(Contexts, Reachable, Protocol):
    """What the application needs of the database."""


def create_app(
    settings: Settings,
    database: Serving | None = None,
    *,
    schema: strawberry.Schema = school,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """The application over an open database; without one, the lifespan puts it into `state.database`."""
    # That everybody's pages may ask does not make them trusted.
    trusted = frozenset(settings.cors_origins) - {"*"}
    endpoint = Endpoint(Engine(schema), limits_of(settings), _bounds(settings), trusted)
    app = Application(
        API,
        endpoint,
        _middleware(settings),
        routes=[
            Route(
                "/export",
                Exports(endpoint, export_bounds_of(settings), min(settings.exports, settings.pool_max - 1 or 1)),
            ),
            *file_routes(settings.read_seconds, trusted),
            *explorer_routes(),
            *health_routes(),
            *metrics_routes(settings.metrics_token),
            *print_routes(settings.report_seconds, settings.slow_seconds, trusted),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _fault},
        lifespan=lifespan,
    )
    # A redirect would make a POST to `/graphql/` look as if it had worked half way.
    app.router.redirect_slashes = False
    app.state.database = database
    return app


def worker() -> Starlette:
    """What each uvicorn worker calls: everything from the environment, the database open while the worker serves."""
    settings = Settings()
    if settings.database_url is None:
        raise SettingsError("DATABASE_URL: a worker does not start a database, it must be given one")
    urls = Urls(settings.database_url, settings.database_owner_url, None)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await prove(url for url in (urls.api, settings.database_read_url) if url)
        app.state.database = database = await Database.open(urls, settings)
        settle_collector()
        try:
            yield
        finally:
            await database.close()

    return create_app(settings, lifespan=lifespan)


def settle_collector() -> None:
    """What the start has made stays: the collector need not look at it again, and comes by less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR)


def _middleware(settings: Settings) -> list[Middleware]:
    found: list[Middleware] = []
    if settings.trusted_proxies:
        found.append(Middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies)))
    if settings.cors_origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", request_ids.HEADER, *PREFLIGHT_HEADERS],
            expose_headers=[request_ids.HEADER, "retry-after", "content-disposition", REDACTED],
            # Whose origin is not named may ask, and not as somebody who has signed in to this server's pages.
            allow_credentials="*" not in settings.cors_origins,
        )
        found.append(cors)
    return found


def limits_of(settings: Settings) -> Limits:
    """How large an operation may be."""
    return Limits(
        characters=settings.max_characters,
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        fields=settings.max_fields,
        aliases=settings.max_aliases,
        root_fields=settings.max_root_fields,
        mutations=settings.max_mutations,
        directives=settings.max_directives,
        directives_per_place=settings.max_directives_per_place,
        reported_errors=settings.max_reported_errors,
    )


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        body=settings.max_body_bytes,
        read=settings.read_seconds,
        mutation=settings.write_seconds,
        slow=settings.slow_seconds,
        files=settings.max_files,
        upload=settings.upload_seconds,
        uploads=settings.uploads,
        bulk=settings.bulk_seconds,
    )


def export_bounds_of(settings: Settings) -> ExportBounds:
    """How long and how large an export may be."""
    return ExportBounds(settings.export_seconds, settings.export_part_rows, settings.export_rows)


_CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND"}


def _http_error(request: Request, error: Any) -> Response:
    """404 and its like outside the endpoint, in the form that errors have everywhere."""
    code = _CODES.get(error.status_code, "BAD_USER_INPUT")
    body = {"errors": [{"message": error.detail, "extensions": {"code": code}}]}
    return Response(orjson.dumps(body), error.status_code, error.headers, LEGACY)


def _fault(request: Request, error: Exception) -> Response:
    refusal = Refusal.for_fault(error)
    return Response(orjson.dumps({"errors": refusal.errors}), refusal.outcome.status(LEGACY), media_type=LEGACY)
