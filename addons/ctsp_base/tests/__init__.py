from . import test_workflow_pure
