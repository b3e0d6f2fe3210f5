from . import test_access, test_fields, test_migration, test_rewrap, test_search
