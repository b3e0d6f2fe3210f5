from . import test_lock, test_password, test_pure, test_session, test_verifier
