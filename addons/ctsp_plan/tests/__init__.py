from . import test_overview
from . import test_plan_first
from . import test_plan_inspection
from . import test_plan_routine
from . import test_plan_team
from . import test_protected
from . import test_scoring
from . import test_risk_facts
