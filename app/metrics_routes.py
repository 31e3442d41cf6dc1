"""`/metrics`: for whoever has the token that the settings name; without one, for programs on this machine.

That a request comes from a loopback address says nothing where a proxy on the same machine passes on what comes from
elsewhere. So a request that says it was passed on is refused, and where a proxy does not say so, a token is needed.
"""

import hmac
import ipaddress

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.metrics import exposition

PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
HEADERS = {"cache-control": "no-store", "content-type": CONTENT_TYPE_PLAIN_0_0_4}


def metrics_routes(token: SecretStr | None) -> list[BaseRoute]:
    def metrics(request: Request) -> Response:
        if token is None:
            _check_here(request)
        else:
            _check_token(request, token.get_secret_value())
        return Response(exposition(), headers=HEADERS)

    return [Route("/metrics", metrics, methods=["GET"])]


def _check_here(request: Request) -> None:
    passed_on = any(name in request.headers for name in PASSED_ON)
    if passed_on or request.client is None or not _is_loopback(request.client.host):
        raise HTTPException(403, "Metrics are told to programs on the server's machine: set SCHOOLGRAPH_METRICS_TOKEN")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_token(request: Request, token: str) -> None:
    given = request.headers.get("authorization", "").encode("latin-1")
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        raise HTTPException(401, "Metrics need the token of the settings", {"www-authenticate": "Bearer"})
