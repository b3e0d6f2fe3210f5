from . import dataset
from . import dataset_version
from . import dataset_version_definition
from . import dataset_version_screen
from . import dataset_part_mixin
from . import dataset_field
from . import dataset_rule
