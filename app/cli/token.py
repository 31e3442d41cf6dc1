"""`python -m app token`: signs in to the running server as a demo user and prints the token, for trying things out."""

import json
import sys
import urllib.error
import urllib.request
from typing import Annotated, Any

import typer

from app.demo.logins import read_logins
from app.settings import Settings

commands = typer.Typer()
LOGIN = "mutation Login($input: LoginInput!) { login(input: $input) { token errors { message } } }"


@commands.command()
def token(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the server.")] = 8000,
    role: Annotated[str, typer.Option(help="Role of the demo user.")] = "REPORTER",
    institution: Annotated[str, typer.Option(help="Code of the demo school.")] = "DEMO1",
) -> None:
    """Sign in to the server on this machine as a demo user; prints the token."""
    known = read_logins(Settings().data)
    login = next((each for each in known if (each.role, each.institution) == (role, institution)), None)
    if login is None:
        sys.exit(
            f"No demo login is known of {institution} with the role {role}; `python -m app demo` makes demo schools"
        )
    names = {"institution": login.institution, "username": login.username, "password": login.password}
    answer = _post(port, {"query": LOGIN, "variables": {"input": names}})["data"]["login"]
    if answer["token"] is None:
        sys.exit(answer["errors"][0]["message"])
    typer.echo(answer["token"])


def _post(port: int, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.URLError as error:
        sys.exit(f"No server answers on port {port} of this machine: {error.reason}")
