from . import test_back, test_tasks
