from . import workflow_mixin
from . import tag_mixin
from . import personal_mixin
from . import export_mixin
from . import import_mixin
from . import integrity_mixin
from . import outbox_mixin
from . import owned_mixin
