"""The API's own path, known before the router looks for it: its search, and its guard against what an application may
raise, take a small read some thirtieth of its time, and the endpoint needs neither."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """Middleware, to be the innermost: what is asked at `path` is `to`'s; all else goes its usual way."""

    def __init__(self, app: ASGIApp, path: str, to: ASGIApp) -> None:
        self.app = app
        self.path = path
        self.to = to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        near = scope["type"] == "http" and scope["path"] == self.path and not scope.get("root_path")
        await (self.to if near else self.app)(scope, receive, send)
