from . import test_filing_flow
from . import test_filing_steps
from . import test_filing_checks
from . import test_filing_access
from . import test_deadline
from . import test_annual
from . import test_desk_attacks
