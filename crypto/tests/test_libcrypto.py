"""Finding the library, and giving back what was taken of it."""
import gc
import resource
import threading

import pytest

from ctsp_crypto.errors import ProviderUnavailable
from ctsp_crypto.providers.standard import StandardProvider, keys, libcrypto


@pytest.fixture
def fresh():
    """As in a process that has not looked for the library yet."""
    libcrypto.load.cache_clear()
    yield
    libcrypto.load.cache_clear()


def test_found_by_its_versioned_name(fresh, monkeypatch):
    """Hosts without development files have no libcrypto.so."""
    monkeypatch.delenv("CTSP_LIBCRYPTO", raising=False)
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    assert libcrypto.version().startswith("OpenSSL ")


def test_another_one_is_named(fresh, monkeypatch):
    monkeypatch.setenv("CTSP_LIBCRYPTO", "libcrypto.so.3")
    assert list(libcrypto.candidates()) == ["libcrypto.so.3"]
    assert StandardProvider().health().ready


@pytest.mark.parametrize("name", ["/none/libcrypto.so.3", "libc.so.6"])
def test_none_to_be_found(fresh, monkeypatch, name):
    """Missing, or without the functions: said with a remedy, and no crash later."""
    monkeypatch.setenv("CTSP_LIBCRYPTO", name)
    health = StandardProvider().health()
    assert not health.ready
    assert "libssl3" in health.detail
    with pytest.raises(ProviderUnavailable):
        StandardProvider().generate_key_pair()


def test_too_old(fresh, monkeypatch):
    monkeypatch.setattr(libcrypto, "OLDEST", 0x90000000)
    with pytest.raises(ProviderUnavailable, match="too old"):
        libcrypto.load()


def test_errors_do_not_linger():
    """The queue of errors is per thread; a failure must not show up in the next call's message."""
    with pytest.raises(libcrypto.LibraryError):
        keys._read("d2i_PUBKEY", b"\x30\x03\x02\x01\x05")
    provider, pair = StandardProvider(), StandardProvider().generate_key_pair()
    provider.verify(pair.public, b"a", provider.sign(pair, b"a").value)
    assert libcrypto.load().ERR_peek_last_error() == 0


def test_memory_is_given_back():
    """Hundreds of operations and keys, good and bad, and the process does not grow."""
    provider = StandardProvider()

    def rounds(count):
        for _ in range(count):
            pair = provider.generate_key_pair()
            provider.sign(pair, b"a")
            sealed = bytearray(provider.encrypt_to(pair.public, b"secret").value)
            sealed[-1] ^= 1
            try:
                provider.decrypt_with(pair, bytes(sealed))
            except Exception:  # noqa: BLE001 only the memory counts here
                pass
        provider._public.cache_clear()
        gc.collect()

    rounds(60)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rounds(300)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1024, "KiB"
    assert len(provider._native) == 0, "keys that are gone are forgotten"


def test_two_threads_load_at_once(fresh):
    found = []
    threads = [threading.Thread(target=lambda: found.append(libcrypto.load().EVP_sm3())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(found)
