import pytest

import vectors
from ctsp_crypto import PublicKey


@pytest.fixture
def public_key():
    """The key of GB/T 32918.5 annex A."""
    return PublicKey(vectors.SM2_POINT)
