from . import test_inspector
