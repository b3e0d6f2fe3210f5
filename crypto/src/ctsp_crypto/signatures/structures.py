"""ASN.1 of signed messages: RFC 5652 and GM/T 0010, which differ in the identifiers of content types only."""

from asn1crypto import cms, core, x509

GM_DATA, GM_SIGNED = "1.2.156.10197.6.1.4.2.1", "1.2.156.10197.6.1.4.2.2"
DATA, SIGNED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{number}" for number in (3, 4, 5))
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
TIME_STAMP = "1.2.840.113549.1.9.16.2.14"  # id-aa-timeStampToken, over the signature value


class AlgorithmIdentifier(core.Sequence):
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class AlgorithmIdentifiers(core.SetOf):
    _child_spec = AlgorithmIdentifier


class Content(core.Sequence):
    """What is signed, and of what type; without the content itself the signature is detached."""

    _fields = [
        ("content_type", core.ObjectIdentifier),
        ("content", core.OctetString, {"explicit": 0, "optional": True}),
    ]


class Values(core.SetOf):
    _child_spec = core.Any


class Attribute(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("values", Values)]


class Attributes(core.SetOf):
    _child_spec = Attribute


class SignerInfo(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("sid", cms.SignerIdentifier),
        ("digest_algorithm", AlgorithmIdentifier),
        ("signed_attrs", Attributes, {"implicit": 0, "optional": True}),
        ("signature_algorithm", AlgorithmIdentifier),
        ("signature", core.OctetString),
        ("unsigned_attrs", Attributes, {"implicit": 1, "optional": True}),
    ]


class SignerInfos(core.SetOf):
    _child_spec = SignerInfo


class Certificates(core.SetOf):
    _child_spec = x509.Certificate


class Lists(core.SetOf):
    _child_spec = core.Any


class SignedData(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("digest_algorithms", AlgorithmIdentifiers),
        ("content", Content),
        ("certificates", Certificates, {"implicit": 0, "optional": True}),
        ("crls", Lists, {"implicit": 1, "optional": True}),
        ("signer_infos", SignerInfos),
    ]


class SignedMessage(core.Sequence):
    """ContentInfo that holds SignedData."""

    _fields = [("content_type", core.ObjectIdentifier), ("content", SignedData, {"explicit": 0})]


class EssCertificate(core.Sequence):
    """ESSCertIDv2 (RFC 5035) without issuer and serial, which the signer's identifier gives."""

    _fields = [("hash_algorithm", AlgorithmIdentifier, {"optional": True}), ("hash", core.OctetString)]


class EssCertificates(core.SequenceOf):
    _child_spec = EssCertificate


class SigningCertificate(core.Sequence):
    _fields = [("certs", EssCertificates), ("policies", core.Any, {"optional": True})]
