"""GM/T 0015: each rule can be kept and can be broken."""

from datetime import timedelta

import pytest

from authorities import NOW, PERSON, PROVIDER, Tree
from ctsp_crypto.certificates import authority, profile, summary
from ctsp_crypto.certificates.authority import Authority, Request


@pytest.fixture(scope="module")
def tree():
    return Tree.plant()


def verdicts(certificate, at=NOW):
    return {result.id: result.verdict for result in profile.check(certificate, at)}


def test_good_ones_conform(tree):
    for certificate in (tree.root.certificate, tree.middle.certificate, tree.leaf):
        results = profile.check(certificate, NOW)
        assert profile.conforms(results), profile.text(results)
        assert len(results) == len({result.id for result in results}) == 20


@pytest.mark.parametrize(
    ("rule", "request_", "verdict"),
    [
        ("0015-08", {"days": 3000}, "warn"),
        ("0015-10", {"subject": [("O", "无国家"), ("CN", "甲")]}, "warn"),
        ("0015-11", {"subject": [("C", "CN"), ("O", "无通用名")]}, "warn"),
        ("0015-07", {"not_before": NOW + timedelta(days=1)}, "fail"),
        ("0015-09", {"subject": []}, "fail"),
        ("0015-15", {"usages": ()}, "fail"),
        ("0015-16", {"usages": ("digital_signature", "key_encipherment")}, "fail"),
        ("0015-17", {"ca": True, "usages": ("key_cert_sign",)}, "fail"),
        ("0015-19", {"extra": (("1.2.3.4", True, b"\x05\x00"),)}, "fail"),
        ("0015-20", {"crl_url": ""}, "warn"),
        ("0015-12", {"key_form": "sm2"}, "pass"),
    ],
)
def test_every_rule_bites(tree, rule, request_, verdict):
    certificate, _pair = tree.middle.issue_with_key(
        Request(**{"subject": PERSON, "crl_url": "http://c.example", **request_})
    )
    assert verdicts(certificate)[rule] == verdict


def test_other_algorithms_are_named():
    rsa = Tree.plant("RSA").leaf
    found = {result.id: result for result in profile.check(rsa, NOW)}
    assert found["0015-03"].verdict == found["0015-12"].verdict == "fail"
    assert "RSA" in found["0015-03"].found


def test_a_readable_summary(tree):
    text = summary.describe(tree.leaf, NOW)
    assert text["主体"] == "CN=张三（示例）,O=示例药监局（示例）,C=CN"
    assert text["状态"] == "有效，剩余 364 天"
    assert text["密钥用法"] == ["数字签名", "防抵赖"]
    assert authority.WARNING in text["颁发者"]


def test_the_test_ca_says_what_it_is():
    ca = Authority.root(PROVIDER, NOW)
    assert "不得用于生产" in ca.certificate.subject_text
