"""`/files/12`: the bytes of a photo or logo, for whoever sees it in the API; absent and hidden are answered alike.

Who asks is said as for `/graphql`, by a bearer token or the session's cookie. The browser keeps the bytes and asks each
time whether it may still show them: what was seen once may be hidden by now. A file never changes, since it is named by
its key and another picture is another file.
"""

from collections.abc import Collection

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.credentials import signed_in
from app.endpoint import Contexts
from app.failures import Refusal
from app.status import LEGACY, Outcome
from resolvers.context import Context
from resolvers.errors import DomainError, Unauthenticated
from resolvers.files.changes import store_of
from resolvers.institution.stored_file import find_file
from resolvers.permissions import refused_root

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
    """`seconds` is how long reading may take; pages of the `origins` may use the session cookie."""

    async def file(request: Request) -> Response:
        try:
            return await _answer(request, seconds, origins)
        except Refusal as refusal:
            return _refused(refusal)
        except DomainError as error:
            return _refused(Refusal.for_domain(error))
        except Exception as fault:
            return _refused(Refusal.for_fault(fault))

    return [Route("/files/{key:int}", file, methods=["GET"])]


async def _answer(request: Request, seconds: float, origins: Collection[str]) -> Response:
    contexts: Contexts = request.app.state.database
    viewer = await signed_in(request, contexts.viewer, origins)
    if viewer is None:
        raise Unauthenticated("Sign in first: send `Authorization: Bearer` with the token that `login` gives")
    if refusal := refused_root(viewer, PURPOSE):
        raise refusal
    opening = contexts.context(viewer, request_id=request.state.request_id, timeout=seconds)
    async with opening as context:
        return await _file(request, context)


async def _file(request: Request, context: Context) -> Response:
    context.purpose = PURPOSE
    key = request.path_params["key"]
    found = await find_file(context, key) if key <= HIGHEST else None
    if found is None:
        raise Refusal.of(Outcome.MISSING, "There is no such file", code="NOT_FOUND")
    tag = f'"{found.sha256.hex()}"'
    headers = HEADERS | {"etag": tag, "content-disposition": f'inline; filename="{found.name}"'}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = await store_of(context).get(found.location)
    return Response(content, headers=headers, media_type=found.content_type)


def _refused(refusal: Refusal) -> Response:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"} | refusal.headers
    return Response(orjson.dumps({"errors": refusal.errors}), refusal.outcome.status(LEGACY), headers, LEGACY)
