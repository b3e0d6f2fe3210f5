from . import check
from . import check_result
from . import check_mixin
from . import risk_rule
from . import risk_alert
