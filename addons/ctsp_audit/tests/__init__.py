from . import (
    test_chain,
    test_find,
    test_host,
    test_log,
    test_patterns,
    test_personal,
    test_requests,
    test_retention,
    test_verification,
)
