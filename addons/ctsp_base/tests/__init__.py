from . import test_workflow_pure
from . import test_masking
