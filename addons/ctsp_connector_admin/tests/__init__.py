from . import test_tasks
