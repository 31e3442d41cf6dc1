"""Relations of ReportCardComment."""

from models import ReportCard, ReportCardComment, Subject, User
from resolvers.batches import one
from resolvers.trail.audit_log import history_of

report_card = one(ReportCard, parent="report_card_id")
subject = one(Subject, parent="subject_id")
author = one(User, parent="author_id")
history = history_of(ReportCardComment)
