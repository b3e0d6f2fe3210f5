from . import (
    test_defence, test_expression, test_file, test_file_work, test_guide, test_late, test_open_api, test_paper,
    test_readers, test_sandbox, test_together, test_try, test_upload, test_validator, test_version, test_webhook)
