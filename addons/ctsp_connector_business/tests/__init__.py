from . import test_items, test_kinds
