"""What a mutation refuses, as part of its answer.

How to add a mutation: its payload has the object or null, and `errors: [UserError!]!`. The resolver raises a
`DomainError`; the mutation's field catches it once with `user_error` and gives it back in the payload.
"""

import strawberry

from resolvers.errors import DomainError


@strawberry.type(description="Something in the input that the caller can put right.")
class UserError:
    code: str = strawberry.field(
        description="What kind of error, stable: BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND or CONFLICT."
    )
    field: list[str] | None = strawberry.field(
        description="Path to the field of the input that is wrong; null where it is not one field."
    )
    message: str = strawberry.field(description="What is wrong, in a sentence for people.")


def user_error(error: DomainError) -> UserError:
    path = error.field.split(".") if error.field else None
    return UserError(code=error.code, field=path, message=error.message)
