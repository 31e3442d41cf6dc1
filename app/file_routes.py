"""`/files/12`: the bytes of a photo or logo, for whoever sees it in the API; absent and hidden are answered alike.

Who asks is said as for `/graphql`, by a bearer token or the session's cookie. The browser keeps the bytes and asks each
time whether it may still show them: what was seen once may be hidden by now. A file never changes, since it is named by
its key and another picture is another file.
"""

import logging
from collections.abc import Collection

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.bound import Bound, Disconnected
from app.credentials import signed_in
from app.endpoint import Contexts
from app.failures import Refusal, timed_out
from app.request_ids import id_of
from app.status import GRAPHQL_RESPONSE, LEGACY, Outcome
from resolvers.errors import Unauthenticated
from resolvers.files.changes import store_of
from resolvers.files.store import FileMissing
from resolvers.institution.stored_file import find_file
from resolvers.permissions import refused_root

log = logging.getLogger("schoolgraph.files")
PURPOSE = "file"
HIGHEST = 2**63 - 1
# Should a browser ever take it for more than a picture, it still does nothing.
HEADERS = {
    "cache-control": "private, no-cache",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
    "vary": "Authorization, Cookie, Origin",
    "x-content-type-options": "nosniff",
}


def file_routes(seconds: float, origins: Collection[str]) -> list[BaseRoute]:
    """`seconds` is how long finding and reading may take; pages of the `origins` may use the session cookie."""
    return [Route("/files/{key:int}", Files(seconds, origins), methods=["GET"])]


class Files:
    """An ASGI application for one path; finds the database in the application's `state.database`."""

    def __init__(self, seconds: float, origins: Collection[str]) -> None:
        self.seconds = seconds
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(Request(scope, receive))
        except Disconnected:
            return
        # Nothing is held any more: the client may take its time.
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """What the client is told, whatever happens."""
        try:
            return await self._within_time(request)
        except Disconnected:
            raise
        except Exception as error:
            return _refused(Refusal.whatever(error))

    async def _within_time(self, request: Request) -> Response:
        try:
            with Bound(request.receive, self.seconds, listening=True):
                return await self._file(request)
        except TimeoutError:
            raise timed_out(self.seconds) from None

    async def _file(self, request: Request) -> Response:
        contexts: Contexts = request.app.state.database
        viewer = await signed_in(request, contexts.viewer, self.origins)
        if viewer is None:
            raise Unauthenticated("Sign in first: send `Authorization: Bearer` with the token that `login` gives")
        if refusal := refused_root(viewer, PURPOSE):
            raise refusal
        opening = contexts.context(viewer, request_id=id_of(request.scope), timeout=self.seconds)
        async with opening as context:
            context.purpose = PURPOSE
            key = request.path_params["key"]
            found = await find_file(context, key) if key <= HIGHEST else None
        if found is None:
            raise _missing()
        tag = f'"{found.sha256.hex()}"'
        headers = HEADERS | {"etag": tag, "content-disposition": f'inline; filename="{found.name}"'}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        # The connection is given back before the store is asked, which may be slow.
        try:
            content = await store_of(context).get(found.location)
        except FileMissing:
            log.error("a file has a record and no bytes: %s", found.location)
            raise _missing() from None
        return Response(content, headers=headers, media_type=found.content_type)


def _missing() -> Refusal:
    return Refusal.of(Outcome.MISSING, "There is no such file", code="NOT_FOUND")


def _refused(refusal: Refusal) -> Response:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"} | refusal.headers
    return Response(orjson.dumps({"errors": refusal.errors}), refusal.outcome.status(GRAPHQL_RESPONSE), headers, LEGACY)
