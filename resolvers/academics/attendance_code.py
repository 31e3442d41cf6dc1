"""Relations of AttendanceCode."""

from models import AttendanceCode
from resolvers.batches import external_ids

attendance_code_external_ids = external_ids(AttendanceCode)
