"""The API's own path, found before Starlette's router looks for it.

The router's search and the middleware that turns an HTTPException into a response take a small read some thirtieth of
its time. The endpoint needs neither: it answers every method, and no exception leaves it. Below another path
(`root_path`) the router finds it, as it finds all else.
"""

from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """Middleware, to be the innermost: requests at `path` go to `endpoint`, all else goes its usual way."""

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        self.app = app
        self.path = path
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"] == self.path and not scope.get("root_path")
        await (self.endpoint if ours else self.app)(scope, receive, send)
