from . import test_placement
from . import test_studio
