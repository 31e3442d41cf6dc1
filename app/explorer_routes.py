"""The explorer: GraphiQL at `/graphiql` and its files, as `make explorer` left them in `app/explorer/dist`.

The page may reach nothing but its own origin. Its policy has one gap, inline styles: the editor cannot do without.
"""

from collections.abc import Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

DIST = Path(__file__).parent / "explorer" / "dist"

NOT_BUILT = """The explorer has not been built.

Run `make explorer` in the checkout (which needs the npm registry once), then load this page again.
The API itself is not affected: it answers at /graphql.
"""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "connect-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HTML = "text/html; charset=utf-8"

GUARDS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Named here, since the types that Python guesses differ from one machine to the next; what is not named is not served.
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


def explorer_routes(folder: Path = DIST) -> list[BaseRoute]:
    """The page and its assets, read from ``folder`` at each request, so that a build needs no restart of the server."""

    def page(request: Request) -> Response:
        index = folder / "index.html"
        if not index.is_file():
            return PlainTextResponse(NOT_BUILT, 503, {**GUARDS, "Cache-Control": "no-store"})
        return FileResponse(index, headers={**GUARDS, "Cache-Control": "no-cache"}, media_type=HTML)

    def asset(request: Request) -> Response:
        return _asset(folder / "assets", request.path_params["name"], request.headers.get("accept-encoding", ""))

    return [Route("/graphiql", page), Route("/graphiql/", page), Route("/graphiql/assets/{name}", asset)]


def _asset(folder: Path, name: str, accepted: str) -> Response:
    """One file, compressed where the browser takes that. Its name holds a hash of its content."""
    path = folder / name
    if path.suffix not in TYPES or path.parent != folder or not path.is_file():
        raise HTTPException(404)
    headers = {**GUARDS, "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    packed = path.with_name(f"{name}.gz")
    if "gzip" in accepted and packed.is_file():
        path, headers["Content-Encoding"] = packed, "gzip"
    return FileResponse(path, headers=headers, media_type=TYPES[Path(name).suffix])
