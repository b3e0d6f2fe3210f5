from . import dataset
from . import open_api
