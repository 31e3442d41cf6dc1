"""A class of each demo school gets its report cards published, so that there are some to look at.

Unlike all else of a demo school they are made by the server's own means, since they say what its reports say.
"""

from collections.abc import Sequence

import asyncpg

from app.database import Database
from app.demo.plan import ZONE
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role
from resolvers.academics.report_card_publishing import publish_report_cards
from resolvers.viewer import Viewer

TIMEOUT = 60.0
# Of each school the class with the most marks in the last semester that has ended, and who publishes its cards.
CLASSES = """
SELECT DISTINCT ON (i.id) i.id AS institution, u.id AS admin, g.course_id AS course, s.id AS semester
  FROM institution i
  JOIN app_user u ON u.institution_id = i.id AND u.username = 'admin'
  JOIN semester s ON s.institution_id = i.id AND s.end_date < current_date
  JOIN grade g ON g.institution_id = i.id AND g.semester_id = s.id
 WHERE i.code = ANY ($1)
 GROUP BY i.id, u.id, g.course_id, s.id, s.end_date
 ORDER BY i.id, s.end_date DESC, count(*) DESC, g.course_id
"""


async def _classes(urls: Urls, codes: Sequence[str]) -> list[asyncpg.Record]:
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    try:
        return await connection.fetch(CLASSES, codes)
    finally:
        await connection.close()


async def publish_a_class_each(urls: Urls, settings: Settings, codes: Sequence[str]) -> None:
    """Publish the report cards of one class of each school; none where no semester with marks has ended."""
    database = await Database.open(urls, settings)
    try:
        for found in await _classes(urls, codes):
            viewer = Viewer(found["admin"], found["institution"], frozenset({Role.ADMIN}), ZONE, 0)
            async with database.context(viewer, request_id="demo", timeout=TIMEOUT) as context:
                await publish_report_cards(context, course=found["course"], semester=found["semester"])
    finally:
        await database.close()
