from . import test_items, test_kinds, test_other_institution
