from . import (
    test_access,
    test_base_models,
    test_fields,
    test_files,
    test_files_http,
    test_log,
    test_migration,
    test_paper,
    test_rewrap,
    test_search,
    test_signing,
)
