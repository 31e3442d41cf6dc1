"""The API's own path, found before Starlette begins to look for one.

The router's search, and the middleware that turns exceptions into responses, take a small read some tenth of its time.
The endpoint needs none of it: it answers every method, and no exception leaves it.
"""

from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.request_ids import RequestIds


class Application(Starlette):
    """Starlette for all but `path`, which is the `endpoint`'s, at the root or wherever the server is (`root_path`).

    `outermost` middleware stands around Starlette and the endpoint; what Starlette calls middleware would stand around
    its own routes only. `how` is what Starlette takes.
    """

    def __init__(self, path: str, endpoint: ASGIApp, outermost: Sequence[Middleware] = (), **how: Any) -> None:
        super().__init__(**how)
        self.path = path
        self.endpoint = endpoint
        self.outermost = outermost

    def build_middleware_stack(self) -> ASGIApp:
        """Starlette asks for it once, before the first request."""
        elsewhere = RequestIds(super().build_middleware_stack())

        async def shortcut(scope: Scope, receive: Receive, send: Send) -> None:
            # A server's own messages have no path.
            path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
            ours = path == self.path and scope["type"] == "http"
            await (self.endpoint if ours else elsewhere)(scope, receive, send)

        app: ASGIApp = shortcut
        for middleware, arguments, options in reversed(self.outermost):
            app = middleware(app, *arguments, **options)
        # What such middleware answers by itself has an id, too.
        return RequestIds(app) if self.outermost else app
