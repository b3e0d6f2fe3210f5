"""Threads share a provider and its keys; a child process goes on with them after fork."""
import os
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

import vectors

THREADS, ROUNDS = 8, 10


def in_threads(work):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def in_child(work) -> bool:
    """Run in a forked process; True when it went well."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 the child must end here, whatever happens
        traceback.print_exc()
    finally:
        os._exit(code)


@pytest.mark.needs("Signer", "Verifier")
def test_threads_sign(subject, provider):
    key, public = subject.private(), subject.public()

    def work(number):
        for turn in range(ROUNDS):
            message = b"%d %d" % (number, turn)
            provider.verify(public, message, provider.sign(key, message).value)
        return True

    assert all(in_threads(work))


@pytest.mark.needs("Cipher", "Macer")
def test_threads_encrypt(subject, provider):
    key = subject.symmetric(vectors.SM4_KEY)

    def work(number):
        for turn in range(ROUNDS):
            message = b"%d %d" % (number, turn) * 50
            assert provider.decrypt(key, provider.encrypt(key, message, aad=b"a").value, aad=b"a") == message
            provider.verify_mac(key, message, provider.mac(key, message).value)
        return True

    assert all(in_threads(work))


@pytest.mark.needs("PublicKeyCipher")
def test_threads_decrypt(subject, provider):
    key, public = subject.private(), subject.public()

    def work(number):
        message = b"key %d" % number
        return all(provider.decrypt_with(key, provider.encrypt_to(public, message).value) == message
                   for _ in range(ROUNDS))

    assert all(in_threads(work))


@pytest.mark.needs("Signer", "Verifier")
def test_fork(subject, provider):
    """The child signs with what the parent opened, and both draw different nonces."""
    key, public = subject.private(), subject.public()
    provider.verify(public, b"parent", provider.sign(key, b"parent").value)
    reader, writer = os.pipe()

    def work():
        made = provider.sign(key, b"same").value
        provider.verify(public, b"same", made)
        os.write(writer, made)

    assert in_child(work)
    ours = provider.sign(key, b"same").value
    theirs = os.read(reader, 1000)
    os.close(reader)
    os.close(writer)
    provider.verify(public, b"same", theirs)
    assert theirs != ours


@pytest.mark.needs("Cipher", "Macer")
def test_fork_with_symmetric_keys(subject, provider):
    key = subject.symmetric(vectors.SM4_KEY)
    sealed, mac = provider.encrypt(key, b"parent").value, provider.mac(key, b"parent").value

    def work():
        assert provider.decrypt(key, sealed) == b"parent"
        provider.verify_mac(key, b"parent", mac)
        assert provider.encrypt(key, b"parent").value != sealed

    assert in_child(work)
    assert provider.decrypt(key, sealed) == b"parent"


@pytest.mark.needs("RandomSource")
def test_random(provider):
    assert [len(provider.random(size)) for size in (0, 1, 16, 1000, 100_000)] == [0, 1, 16, 1000, 100_000]
    assert len({provider.random(16) for _ in range(200)}) == 200
    reader, writer = os.pipe()
    assert in_child(lambda: os.write(writer, provider.random(16)))
    assert os.read(reader, 16) != provider.random(16)
    os.close(reader)
    os.close(writer)
