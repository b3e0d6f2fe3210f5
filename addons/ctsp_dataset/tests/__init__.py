from . import test_expression, test_open_api, test_paper, test_readers, test_validator, test_version
