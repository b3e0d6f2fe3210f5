from . import (
    test_certificate,
    test_gateway,
    test_keys,
    test_lock,
    test_password,
    test_pure,
    test_put_back,
    test_second,
    test_session,
    test_three_administrators,
    test_transport,
    test_verifier,
)
