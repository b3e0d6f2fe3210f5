"""Revocation lists: believed only when signed by the right CA and in time; each entry says why."""

from datetime import timedelta

import pytest

from authorities import NOW, PERSON, PROVIDER, Tree
from ctsp_crypto import CryptoError
from ctsp_crypto.certificates import RevocationList, check_pair
from ctsp_crypto.certificates.authority import Authority, Request

DAY = timedelta(days=1)


@pytest.fixture(scope="module", params=["SM2", "RSA", "ECDSA"])
def tree(request):
    return Tree.plant(request.param)


def test_revoked_and_why(tree):
    middle = Authority(tree.middle.pair, tree.middle.certificate, PROVIDER, NOW)
    good = [middle.crl(), tree.root.crl()]
    assert tree.problems(lists=good, require_crl=True) == []
    for reason, word in (("key_compromise", "密钥泄露"), ("superseded", "被取代"), ("certificate_hold", "暂时冻结")):
        middle.revoked.clear()
        middle.revoke(tree.leaf, reason)
        report = tree.store(lists=[middle.crl()]).check(tree.leaf, at=NOW)
        assert [p.code for p in report.problems] == ["revoked"]
        assert word in report.problems[0].text()


def test_revoked_later_was_valid_before(tree):
    middle = Authority(tree.middle.pair, tree.middle.certificate, PROVIDER, NOW)
    middle.revoke(tree.leaf, at=NOW + DAY)
    lists = [middle.crl(this_update=NOW + DAY)]
    assert tree.problems(lists=lists, at=NOW) == []
    assert tree.problems(lists=lists, at=NOW + 2 * DAY) == ["revoked"]


def test_a_list_out_of_date(tree):
    middle = Authority(tree.middle.pair, tree.middle.certificate, PROVIDER, NOW)
    roots = tree.root.crl(days=100)
    stale = middle.crl(days=1)
    assert tree.problems(lists=[roots, stale], require_crl=True, at=NOW + 3 * DAY) == ["crl_outdated"]
    assert tree.problems(lists=[roots], require_crl=True) == ["crl_missing"]
    middle.revoke(tree.leaf)
    assert tree.problems(lists=[middle.crl(days=1)], at=NOW + 3 * DAY) == ["revoked"], (
        "old news of a revocation is news"
    )


def test_a_frozen_certificate_is_thawed_by_the_newest_list(tree):
    middle = Authority(tree.middle.pair, tree.middle.certificate, PROVIDER, NOW)
    middle.revoke(tree.leaf, "certificate_hold")
    frozen = middle.crl(this_update=NOW - DAY)
    middle.revoked.clear()
    assert tree.problems(lists=[frozen]) == ["revoked"]
    assert tree.problems(lists=[frozen, middle.crl(number=2)]) == []


def test_a_forged_list(tree):
    """A list of another key, and every flipped byte of a real one."""
    other = Tree.plant(tree.kind)
    assert tree.problems(lists=[other.middle.crl(), tree.root.crl()], require_crl=True) == ["crl_invalid"]
    middle = Authority(tree.middle.pair, tree.middle.certificate, PROVIDER, NOW)
    middle.revoke(tree.leaf)
    der = middle.crl().der
    for at in range(0, len(der), 1 if tree.kind == "SM2" else 7):
        bad = bytearray(der)
        bad[at] ^= 4
        with pytest.raises(CryptoError):
            RevocationList(bytes(bad)).check_issuer(tree.middle.certificate, PROVIDER)


def test_a_ca_that_may_not_sign_lists(tree):
    certificate, pair = tree.root.issue_with_key(Request([("CN", "不签 CRL")], usages=("key_cert_sign",), ca=True))
    ca = Authority(pair, certificate, PROVIDER, NOW)
    leaf, _pair = ca.issue_with_key(Request(PERSON))
    assert tree.problems(leaf, intermediates=[certificate], lists=[ca.crl(), tree.root.crl()], require_crl=True) == [
        "crl_invalid"
    ]


def test_dual_certificates():
    tree = Tree.plant()
    (signature, _), (encryption, _) = tree.middle.dual(PERSON)
    assert check_pair(signature, encryption) == []
    assert tree.problems(signature, usage="sign") == []
    assert tree.problems(encryption, usage="encrypt") == []
    assert len(check_pair(encryption, signature)) == 2
    (other, _), _ = tree.middle.dual([("CN", "李四（示例）")])
    assert "主体不同" in check_pair(other, encryption)[0]
    assert check_pair(signature, signature)
