from . import archive_reason
from . import institution_version_compare
