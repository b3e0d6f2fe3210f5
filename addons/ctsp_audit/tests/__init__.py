from . import test_chain, test_host, test_log, test_patterns, test_personal, test_requests, test_verification
