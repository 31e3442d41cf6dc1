"""Relations of UserRole."""

from models import User, UserRole
from resolvers.batches import external_ids, one

user = one(User, parent="user_id")
user_role_external_ids = external_ids(UserRole)
