from . import test_registry
from . import test_check
from . import test_rule
from . import test_alert
from . import test_check_screen
