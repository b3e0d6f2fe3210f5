from . import test_pure, test_rules, test_ticket
