"""What a mutation refuses, as part of its answer."""

import strawberry

from resolvers.errors import Conflict, DomainError


@strawberry.type(description="Something in the input that the caller can put right.")
class UserError:
    code: str = strawberry.field(
        description="What kind of error, stable: BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, or"
        " TIMEOUT, where others held the records for too long."
    )
    field: list[str] | None = strawberry.field(
        description='Path to the field of the input that is wrong, as `["marks", "3", "score"]`; null where it is not'
        " one field."
    )
    message: str = strawberry.field(description="What is wrong, in a sentence for people.")
    current_version: int | None = strawberry.field(
        description="Where somebody else has changed the record: the version that it has now."
    )


def user_errors(error: DomainError) -> list[UserError]:
    """A refusal as clients get it; one that stands for several gives several."""
    return [_user_error(each) for each in error.each]


def _user_error(error: DomainError) -> UserError:
    path = error.field.split(".") if error.field else None
    version = error.version if isinstance(error, Conflict) else None
    return UserError(code=error.code, field=path, message=error.message, current_version=version)
