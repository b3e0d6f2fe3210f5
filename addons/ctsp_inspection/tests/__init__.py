from . import test_inspector
from . import test_flow
