"""A service that answers, properly signed, what is not true: every lie is found and named as such."""
import base64

import pytest

import vectors
from cloud_keys import DATA, PAIR
from ctsp_crypto import KeyHandle, PrivateKey, PublicKey, Secret, SymmetricKey
from ctsp_crypto.errors import PolicyError, ProviderRefused, VerificationFailed
from ctsp_crypto.providers.standard import StandardProvider

STANDARD = StandardProvider()


def flipped(text: str) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[-1] ^= 1
    return base64.b64encode(raw).decode()


def change_first(name, how):
    def change(answer):
        answer["items"][0][name] = how(answer["items"][0][name])
    return change


def swap(name):
    """The first two items change places."""
    def change(answer):
        first, second = answer["items"][:2]
        first[name], second[name] = second[name], first[name]
    return change


def drop_one(answer):
    answer["items"].pop()


def repeat_one(answer):
    answer["items"].append(answer["items"][0])


def other_key(answer):
    answer["key"] = "another"


def other_version(answer):
    answer["version"] += 1


def shorter(text):
    return base64.b64encode(base64.b64decode(text)[:-1]).decode()


LIES = [other_key, other_version, drop_one, repeat_one]


def lied_to(simulator, path, change, use):
    with simulator.fault(path=path, change=change), pytest.raises(ProviderRefused):
        use()
    use()


@pytest.mark.parametrize("lie", [*LIES, change_first("signature", flipped), change_first("signature", shorter),
                                 swap("signature")])
def test_signatures(simulator, provider, lie):
    """Signatures for one another's messages are good signatures, of the wrong thing."""
    lied_to(simulator, "/v1/signatures", lie, lambda: provider.sign_many(PAIR, [b"a", b"b", b"c"]))


def test_a_signature_of_another_key(simulator, provider):
    provider.public_key(PAIR)
    simulator.services.pairs["sign", 1] = STANDARD.generate_key_pair()
    with pytest.raises(ProviderRefused):
        provider.sign(PAIR, b"a")


def test_pinned_keys(simulator, connect):
    """With a pin the service is not even asked for the key, so it cannot bring its own."""
    simulator.services.pairs["sign", 1] = STANDARD.generate_key_pair()
    provider = connect(pinned={("sign", 1): vectors.SM2_POINT})
    assert provider.public_key(PAIR).point == vectors.SM2_POINT
    with pytest.raises(ProviderRefused):
        provider.sign(PAIR, b"a")
    assert not any("/v1/keys" in call for call in simulator.calls)


@pytest.mark.parametrize("point", [b"\x04" + bytes(64), bytes(65), vectors.SM2_POINT[:-1]])
def test_a_public_key_that_is_none(simulator, provider, point):
    def change(answer):
        answer["public_key"] = base64.b64encode(point).decode()

    with simulator.fault(path="/v1/keys", change=change), pytest.raises(ProviderRefused):
        provider.public_key(PAIR)
    assert provider.public_key(PAIR).point == vectors.SM2_POINT, "nothing wrong was remembered"


@pytest.mark.parametrize("valid", [True, False])
def test_verdicts(simulator, provider, valid):
    """Saying yes to everything, or no, is found both ways."""
    public, good = PublicKey(vectors.SM2_POINT), vectors.SM2_SIGNATURE
    signature = good[:-1] + b"\x00" if valid else good
    with simulator.fault(path="/v1/verifications", change=change_first("valid", lambda _valid: valid)), \
            pytest.raises(ProviderRefused):
        provider.verify(public, vectors.SM2_MESSAGE, signature)
    provider.verify(public, vectors.SM2_MESSAGE, good)


@pytest.mark.parametrize("lie", [drop_one, repeat_one, swap("valid")])
def test_verdicts_in_a_batch(simulator, provider, lie):
    good = (vectors.SM2_MESSAGE, vectors.SM2_SIGNATURE)
    pairs = [good, (b"other", vectors.SM2_SIGNATURE), good]
    lied_to(simulator, "/v1/verifications", lie, lambda: provider.verify_many(PAIR, pairs))


@pytest.mark.parametrize("algorithm", ["SM4-GCM", "SM4-CBC", "SM4-CTR"])
@pytest.mark.parametrize("lie", [*LIES, change_first("value", flipped), change_first("value", shorter), swap("value")])
def test_ciphertexts(simulator, provider, algorithm, lie):
    items = [(b"one .", b""), (b"two .", b""), (b"three", b"")]
    lied_to(simulator, "/v1/encryptions", lie, lambda: provider.encrypt_many(DATA, items, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["SM4-GCM", "SM4-CBC", "SM4-CTR"])
@pytest.mark.parametrize("lie", [*LIES, change_first("plaintext", flipped), change_first("plaintext", shorter),
                                 swap("plaintext")])
def test_plaintexts(simulator, provider, algorithm, lie):
    """Plaintexts of the right length in the wrong order are the wrong person's data."""
    sealed = provider.encrypt_many(DATA, [(b"one .", b""), (b"two .", b""), (b"three", b"")], algorithm=algorithm)
    items = [(made.value, b"") for made in sealed]
    lied_to(simulator, "/v1/decryptions", lie, lambda: provider.decrypt_many(DATA, items, algorithm=algorithm))


def test_a_nonce_used_twice(simulator, provider):
    """Two rows under one nonce give away their difference, and the tag's key."""
    key = simulator.services.symmetric["data", 1]

    def change(answer):
        for item, text in zip(answer["items"], (b"one", b"two")):
            item["value"] = base64.b64encode(STANDARD.encrypt(key, text, iv=bytes(12)).value).decode()

    items = [(b"one", b""), (b"two", b"")]
    lied_to(simulator, "/v1/encryptions", change, lambda: provider.encrypt_many(DATA, items))


def test_another_nonce_than_asked_for(simulator, connect):
    provider, key = connect(read_back=False), simulator.services.symmetric["data", 1]
    change = change_first("value", lambda _value: base64.b64encode(STANDARD.encrypt(key, b"a").value).decode())
    lied_to(simulator, "/v1/encryptions", change, lambda: provider.encrypt(DATA, b"a", iv=b"123456789012"))


def test_reading_back_can_be_left_out(simulator, connect):
    """Half the calls, for whom that is too slow; lengths and nonces are looked at all the same."""
    provider = connect(read_back=False)
    sealed = provider.encrypt_many(DATA, [(b"one", b""), (b"two", b"")])
    assert simulator.calls == ["/v1/encryptions"]
    assert provider.decrypt_many(DATA, [(made.value, b"") for made in sealed]) == [b"one", b"two"]
    assert simulator.calls == ["/v1/encryptions", "/v1/decryptions"]
    with simulator.fault(path="/v1/encryptions", change=change_first("value", shorter)), pytest.raises(ProviderRefused):
        provider.encrypt(DATA, b"a")
    with simulator.fault(path="/v1/decryptions", change=change_first("plaintext", shorter)), \
            pytest.raises(ProviderRefused):
        provider.decrypt(DATA, sealed[0].value)


def test_keys_in_clear_are_not_handed_over(simulator, provider):
    """Nor is anything sent before that is noticed."""
    key, private = SymmetricKey(Secret(bytes(32))), PrivateKey(Secret(vectors.SM2_D))
    for use in (
        lambda: provider.encrypt(key, b"a"), lambda: provider.decrypt(key, bytes(40)), lambda: provider.mac(key, b"a"),
        lambda: provider.sign(private, b"a"), lambda: provider.sign_digest(private, bytes(32)),
        lambda: provider.decrypt_with(private, vectors.SM2_CIPHERTEXT), lambda: provider.public_key(private),
        lambda: provider.verify(private, b"a", bytes(64)), lambda: provider.encrypt_to(private, b"a"),
    ):
        with pytest.raises(PolicyError):
            use()
    assert not simulator.calls


@pytest.mark.parametrize("lie", [*LIES, change_first("mac", shorter)])
def test_macs(simulator, provider, lie):
    lied_to(simulator, "/v1/macs", lie, lambda: provider.macs(DATA, [b"a", b"b"]))


def test_macs_of_another_key(simulator, provider):
    """The canary in every batch tells, and goes on telling."""
    provider.macs(DATA, [b"a"])
    from simulator.services import secret_key
    simulator.services.symmetric["data", 1] = secret_key(bytes(16))
    for _ in range(2):
        with pytest.raises(ProviderRefused):
            provider.macs(DATA, [b"a"])


@pytest.mark.parametrize("lie", [*LIES, change_first("value", flipped), change_first("value", shorter),
                                 change_first("value", lambda _value: "AAAA")])
def test_envelopes(simulator, provider, lie):
    lied_to(simulator, "/v1/envelopes", lie, lambda: provider.encrypt_to(PAIR, b"0123456789abcdef"))


@pytest.mark.parametrize("lie", [*LIES, change_first("plaintext", shorter)])
def test_openings(simulator, provider, lie):
    lied_to(simulator, "/v1/envelopes/openings", lie, lambda: provider.decrypt_with(PAIR, vectors.SM2_CIPHERTEXT))


def test_a_foreign_key_is_encrypted_to_here(simulator, provider):
    made = provider.encrypt_to(PublicKey(vectors.SM2_POINT), b"a")
    assert made.provider == "standard"
    assert not simulator.calls


def test_random_bytes_are_mixed(simulator, provider):
    """A service that always says zero, or always the same, decides nothing."""
    def zeros(answer):
        answer["data"] = base64.b64encode(bytes(16)).decode()

    with simulator.fault(path="/v1/random", change=zeros):
        assert len({provider.random(16) for _ in range(5)} | {bytes(16)}) == 6


def test_time_stamps(simulator, provider):
    digest = STANDARD.digest(b"document").value
    stamp = provider.time_stamp(digest)
    assert provider.verify_time_stamp(digest, stamp.value).at == stamp.at
    for other in (digest[::-1], bytes(32)):
        with pytest.raises(VerificationFailed):
            provider.verify_time_stamp(other, stamp.value)
    for index in range(len(stamp.value)):
        changed = bytearray(stamp.value)
        changed[index] ^= 1
        with pytest.raises(VerificationFailed):
            provider.verify_time_stamp(digest, bytes(changed))

    def earlier(answer):
        answer["token"] = base64.b64encode(stamp.value).decode()

    with simulator.fault(path="/v1/time-stamps", change=earlier), pytest.raises(ProviderRefused):
        provider.time_stamp(bytes(32))
    former, simulator.services.stamper = simulator.services.stamper, STANDARD.generate_key_pair()
    with pytest.raises(ProviderRefused):
        provider.time_stamp(digest)
    provider._stampers = [simulator.services.stamper.public, former.public]
    assert provider.time_stamp(digest).at >= provider.verify_time_stamp(digest, stamp.value).at


def test_time_stamps_need_a_known_authority(simulator):
    from ctsp_crypto.providers.cloud import CloudProvider
    provider = CloudProvider(simulator.service("signature"), simulator.service("data"))
    with pytest.raises(PolicyError):
        provider.verify_time_stamp(bytes(32), b"token")
    provider.close()


def test_names_of_keys_are_quoted(simulator, provider):
    """A name with a slash or a question mark is a name."""
    for name in ("a/b", "../health", "钥?x=1"):
        simulator.services.pairs[name, 2] = STANDARD.generate_key_pair()
        handle = KeyHandle(name, version=2)
        provider.verify(handle, b"a", provider.sign(handle, b"a").value)
