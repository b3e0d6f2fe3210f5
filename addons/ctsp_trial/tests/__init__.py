from . import test_compose
from . import test_operators
from . import test_trial
from . import test_trial_access
from . import test_trial_checks
from . import test_trial_desk
from . import test_statistics
from . import test_query
