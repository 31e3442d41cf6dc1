"""The profile of the viewer's school, and the school itself as a tenant."""

from models import Institution, SchoolProfile, StoredFile
from resolvers.batches import one

institution = one(Institution, parent="institution_id")
logo = one(StoredFile, parent="logo_id")
of_institution = one(SchoolProfile, parent="id", key="institution_id")
