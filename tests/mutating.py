"""Calling a mutation by its name, with the fields of its input as keyword arguments."""

from typing import Any

from tests.conftest import Execute
from tests.schema_map import object_type

ERRORS = "errors { code field message currentVersion }"


async def mutate(execute: Execute, name: str, selection: str, /, *, viewer: Any = None, **given: Any) -> dict[str, Any]:
    """The payload of a mutation that may refuse, as the first school's ADMIN or as `viewer`."""
    kind = object_type("Mutation").fields[name].args["input"].type
    document = f"mutation($input: {kind}) {{ payload: {name}(input: $input) {{ {selection} {ERRORS} }} }}"
    who = {} if viewer is None else {"viewer": viewer}
    payload: dict[str, Any] = (await execute(document, input=given, **who)).found["payload"]
    return payload


async def done(execute: Execute, name: str, selection: str, /, **given: Any) -> dict[str, Any]:
    """The payload of a mutation that must not refuse."""
    payload = await mutate(execute, name, selection, **given)
    assert payload.pop("errors") == []
    return payload


async def refused(execute: Execute, name: str, /, **given: Any) -> list[tuple[str, list[str] | None]]:
    """Codes and fields of a mutation that must refuse."""
    errors = (await mutate(execute, name, "__typename", **given))["errors"]
    assert errors
    return [(error["code"], error["field"]) for error in errors]
