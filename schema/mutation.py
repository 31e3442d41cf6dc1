"""How a mutation is declared.

    class UserMutation:
        create_user = mutation(resolve.create_user, CreateUserInput, models.User, "Add a user.")

How to add the mutations of one more plain entity, `Subject` for example (copy its three files):

1. `resolvers/academics/subject_changes.py`: its constraints with their rules (`resolvers.constraints.keep`), and
   `SUBJECTS = Records(Subject, rules=…)` with what a row alone cannot tell (`resolvers.writing.records`).
2. `schema/academics/subject_changes.py`: an input class a mutation, with the names and types of its fields only
   (`schema.record_inputs`), and the mutations in a class that `schema/root.py` lists.
3. A line a mutation in `resolvers/permissions.py`, and in `resolvers/abilities.py` where its name is not verb and type.
4. `tests/writing/good_calls.py`: one good call a mutation, from which the tests of all mutations are derived: done and
   audited, who may, a stale version, ids of another school, absent against null. Only the entity's own rules need
   tests of their own (`tests/academics/test_subject_changes.py`). The table in `tests/writing/test_constraints.py`
   gets the model, `tests/access/who_sees_what.csv` the new `viewerCan`.
5. Print the schema anew (`make fix`), and say it in CHANGELOG.md.

How to add any other mutation:

1. Write the function in `resolvers/<area>/`: the context first, then the input's fields by name. It checks the rules
   (`resolvers.errors.Checks` for several at once, `within` for a part of the input), changes rows inside
   `context.change("user.create")`, and returns the key of the record, or an object with the payload's fields.
2. Declare its input in `schema/<area>/` (see `schema.inputs`), and the mutation as above in a class that
   `schema/root.py` lists. What shows more than one record has a payload of its own (see `schema.payload`).
3. Give it a line in `resolvers/permissions.py`, and its constraints their rules (`resolvers.constraints.keep`).
4. Test it, print the schema anew and say it, as above.

A mutation that may be sent twice has `idempotency_key: str | None = optional(IDEMPOTENCY_KEY)` in its input; the
function gets no such argument, and hears of the first call only. What it returns must be the key of a record, or of a
class that `resolvers.writing.once.keepable` knows.

Who may call it is decided first, and refused as everywhere: by an error of the field. Whatever the function refuses
stands in the payload's `errors`, all at once; nothing has been changed then. The executor wraps field and payload into
one transaction.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry
from strawberry.types.base import get_object_definition

from models import Base
from resolvers.context import Context
from resolvers.errors import Busy, Conflict, DomainError, RateLimited, TimedOut, spelled
from resolvers.permissions import acting, permit
from resolvers.trail.alarms import refuses
from resolvers.writing.once import Call
from schema.errors import user_errors
from schema.info import Info
from schema.inputs import plain
from schema.payload import Shown, payload_of

INPUT = strawberry.argument(description="What to do, and to what.")
Function = Callable[..., Awaitable[Any]]


def _names(kind: type) -> list[str]:
    return [field.python_name for field in get_object_definition(kind, strict=True).fields if field.name != "errors"]


def _shown(result: Any, kind: type, field: str | None) -> Any:
    """What a function returned, as its payload; `field` is the one that shows a key."""
    if field is not None:
        return Shown(errors=[], **{field: result})
    return Shown(errors=[], **{name: getattr(result, name, None) for name in _names(kind)})


def _refused(error: DomainError, field: str | None) -> Any:
    """A refusal as a payload; where somebody else was faster it shows the record as it is now."""
    record = next((each.record for each in error.each if isinstance(each, Conflict) and each.record is not None), None)
    return Shown(errors=user_errors(error), **({field: record} if field else {}), **error.shown)


def _resolver(name: str, function: Function, kind: type, field: str | None) -> Callable[..., Any]:
    async def resolver(info: Info, input: Any = None) -> Any:
        context = info.context
        permit(name, context.signed_in)
        context.acting = acting(name, context.signed_in) if context.signed_in else None
        try:
            result = await _carried_out(context, name, function, plain(input) if input is not None else {})
        except (RateLimited, TimedOut):
            raise
        except DomainError as error:
            if isinstance(error, Busy) and context.may_repeat:
                raise
            context.refusals += refuses(error.each)
            await context.undo()
            return _refused(error, field)
        context.show()
        return _shown(result, kind, field)

    return resolver


async def _carried_out(context: Context, name: str, function: Function, given: dict[str, Any]) -> Any:
    """What the function returns; with a key of the caller's, what it returned the first time."""
    key = given.pop("idempotency_key", None)
    if key is None or given.get("dry_run"):
        return await function(context, **given)
    call = Call(key, name, given)
    before = await context.claim(call)
    if before is not None:
        return before()
    result = await function(context, **given)
    await context.keep_answer(call, result)
    return result


def _name(function: Function, input_type: type | None) -> str:
    if input_type is None:
        return spelled(function.__name__)
    name = input_type.__name__.removesuffix("Input")
    return name[0].lower() + name[1:]


def mutation(function: Function, input_type: type | None, shows: type, description: str) -> Any:
    """A mutation field; `shows` is the model of the record that the payload shows, or a payload class.

    The field is named as its input, `CreateUserInput` of `createUser`; without an input, as the function.
    """
    name = _name(function, input_type)
    field = None
    kind = shows
    if issubclass(shows, Base):
        field, kind = shows.__name__[0].lower() + shows.__name__[1:], payload_of(name, shows)
    resolver = _resolver(name, function, kind, field)
    if input_type is None:
        resolver = _without_input(resolver)
    else:
        resolver.__annotations__["input"] = Annotated[input_type, INPUT]
    resolver.__annotations__["return"] = kind | None
    return strawberry.mutation(resolver=resolver, description=description)


def _without_input(resolver: Callable[..., Any]) -> Callable[..., Any]:
    async def bare(info: Info) -> Any:
        return await resolver(info)

    return bare
