"""A secret is in no text."""
import copy
import pickle
import traceback

import pytest

from ctsp_crypto import PrivateKey, Secret, SymmetricKey

VALUE = b"top secret bytes, thirty-two long"[:32]


def test_never_shown():
    secret = Secret(VALUE)
    for holder in (secret, SymmetricKey(secret), PrivateKey(secret), [secret], {"key": secret}):
        for text in (repr(holder), str(holder), f"{holder}", f"{holder!s:>5}"):
            assert "top" not in text
            assert VALUE.hex() not in text


def test_not_in_a_traceback():
    try:
        raise ValueError(Secret(VALUE))
    except ValueError:
        assert "top" not in traceback.format_exc()


@pytest.mark.parametrize("copier", [pickle.dumps, copy.copy, copy.deepcopy])
def test_not_copied(copier):
    with pytest.raises(TypeError):
        copier(Secret(VALUE))


def test_compared_by_content_and_not_hashed():
    assert Secret(VALUE) == Secret(bytearray(VALUE))
    assert Secret(VALUE) != Secret(VALUE[:-1] + b"x")
    assert Secret(VALUE) != VALUE
    with pytest.raises(TypeError):
        hash(Secret(VALUE))


def test_wiped():
    secret = Secret(VALUE)
    inner = secret._bytes
    secret.wipe()
    assert not secret
    assert secret.reveal() == b""
    assert not any(inner)


def test_made_of_bytes_only():
    with pytest.raises(TypeError):
        Secret("text")
