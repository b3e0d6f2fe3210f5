from . import (
    test_access_control,
    test_account_phone,
    test_door,
    test_evidence,
    test_former,
    test_integrity,
    test_key_export,
    test_keys,
    test_outside,
    test_pdf,
    test_rotation,
    test_screens,
)
