from . import test_back, test_registry, test_tasks
