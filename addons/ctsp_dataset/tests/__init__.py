from . import test_expression, test_paper, test_readers, test_validator, test_version
