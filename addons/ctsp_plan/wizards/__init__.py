from . import plan_assign
from . import plan_assign_row
from . import plan_adjust
