from . import dataset_compare
from . import dataset_import
