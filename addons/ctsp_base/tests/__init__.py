from . import test_workflow_pure
from . import test_masking
from . import test_dictionary
from . import test_tools
from . import test_parameter
from . import test_workday
