from . import test_plan_first
