"""`python -m app serve`: the database, its newest version, then the HTTP server, in one command."""

import asyncio
import contextlib
import errno
import gc
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Annotated, Any

import typer
import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from app.cli.database import check, prepare
from app.cli.demo import first_demo, tell_logins
from app.key_check import check_keys
from app.key_file import key_environment, load_keys
from app.metrics import metrics_folder
from app.postgres import cluster
from app.postmaster import die_with_parent
from app.settings import Settings
from app.tenancy import prove
from app.urls import Urls

commands = typer.Typer()
# How long requests in flight may take to end when the server stops.
GRACE_SECONDS = 10
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "app.logs.Together", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
}


@commands.command()
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; by default only this machine can connect.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Server processes.")] = 1,
) -> None:
    """Serve the API. Without DATABASE_URL an embedded PostgreSQL is started, and stopped with the server."""
    signal.signal(signal.SIGTERM, _leave)
    settings = Settings()
    # Held from here on: that the port is taken is known before anything is started.
    with contextlib.suppress(KeyboardInterrupt), listen(host, port) as listener, cluster(settings) as urls:
        keys = key_environment(settings)
        if urls.admin is not None or urls.owner is not None:
            prepare(urls)
        else:
            typer.echo("DATABASE_OWNER_URL is not set: the database is taken as it is, without migrations.")
        asyncio.run(_check(urls, settings))
        if urls.owner is not None:
            asyncio.run(check_keys(urls.owner, load_keys(settings)))
        if urls.admin is not None:
            first_demo(urls, settings)
        _announce(host, port)
        tell_logins(settings)
        run(listener, urls, keys, workers)


async def _check(urls: Urls, settings: Settings) -> None:
    """Told here in a line or two; each worker asks once more for itself."""
    reads_from = [settings.database_read_url] if settings.database_read_url else []
    for url in (urls.api, *reads_from):
        await check(url)
    await prove([urls.api, *reads_from])


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; who connects before the server is up waits for it. Exits where the port cannot be had."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
    except OSError as error:
        sys.exit(f"There is no address {host} to listen on: {error.strerror}")
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} of {host} is taken by another program; choose one that is free: make run PORT=…")
        sys.exit(f"Cannot listen on port {port} of {host}: {error.strerror}")
    return listener


def run(listener: socket.socket, urls: Urls, keys: Mapping[str, str], workers: int) -> None:
    """Serve until a signal ends it. The workers find the database and the keys in their environment."""
    os.environ["DATABASE_URL"] = urls.api
    os.environ.update(keys)
    config = uvicorn.Config(
        "app.cli.serve:worker",
        factory=True,
        workers=workers,
        loop="uvloop",
        http="httptools",
        log_config=LOGGING,
        access_log=False,
        # The application itself believes the proxies that its settings name, and no other.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if workers > 1:
        with metrics_folder():
            Multiprocess(config, sockets=[listener]).run()
        return
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(1)


def worker() -> Starlette:
    """The application of one worker, which ends when the process that started it is killed."""
    # What is loaded stays: to look through it for garbage meanwhile is a fifth of the time that it takes.
    gc.disable()
    from app.main import worker as application

    gc.enable()
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with_parent(parent.pid)
    return application()


def _announce(host: str, port: int) -> None:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    typer.echo(f"The API is at {address}/graphql, the explorer at {address}/graphiql; Ctrl-C stops both servers.")


def _leave(number: int, frame: FrameType | None) -> None:
    """Asked to end, as by a service manager: unwind, so that the database is stopped too."""
    sys.exit(0)
