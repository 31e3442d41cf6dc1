"""How large files may be: the setting MAX_FILE_UPLOAD_MB."""

from sqlalchemy import BigInteger, bindparam, select

from models import ConfigurationSetting, SettingCategory
from resolvers.context import Context
from resolvers.statements import compiled

MEGABYTE = 1024 * 1024
SETTING = "MAX_FILE_UPLOAD_MB"

_Setting = ConfigurationSetting
_LARGEST = compiled(
    select(_Setting.value).where(
        _Setting.institution_id == bindparam("tenant", type_=BigInteger()),
        _Setting.category == SettingCategory.GENERAL,
        _Setting.key == SETTING,
    ),
    ConfigurationSetting,
    subjects=None,
)


async def largest_upload(context: Context) -> int:
    """How many megabytes all files of one operation may have together, as the viewer's school has set it."""
    ((megabytes,),) = await context.fetch(_LARGEST)
    return int(megabytes)
