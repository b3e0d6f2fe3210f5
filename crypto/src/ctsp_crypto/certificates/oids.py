"""Object identifiers that certificates, CRLs and signed messages carry, and how reports name them.

GM ones: GB/T 33560 (algorithms), GM/T 0010 (message types), GM/T 0015 (national extensions).
"""

SM2_CURVE = "1.2.156.10197.1.301"
SM2_SIGNATURE_KEY = "1.2.156.10197.1.301.1"
SM2_EXCHANGE_KEY = "1.2.156.10197.1.301.2"
SM2_ENCRYPTION_KEY = "1.2.156.10197.1.301.3"
SM3 = "1.2.156.10197.1.401"
SM2_WITH_SM3 = "1.2.156.10197.1.501"

EC_KEY = "1.2.840.10045.2.1"
RSA_KEY = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"

# signature algorithm → (family, digest)
SIGNATURES = {
    SM2_WITH_SM3: ("SM2", "sm3"),
    "1.2.840.113549.1.1.11": ("RSA", "sha256"),
    "1.2.840.113549.1.1.12": ("RSA", "sha384"),
    "1.2.840.113549.1.1.13": ("RSA", "sha512"),
    "1.2.840.10045.4.3.2": ("ECDSA", "sha256"),
    "1.2.840.10045.4.3.3": ("ECDSA", "sha384"),
    "1.2.840.10045.4.3.4": ("ECDSA", "sha512"),
    RSA_PSS: ("RSA-PSS", ""),
}
WEAK_SIGNATURES = {
    "1.2.840.113549.1.1.4": "MD5 with RSA",
    "1.2.840.113549.1.1.5": "SHA-1 with RSA",
    "1.2.840.10045.4.1": "ECDSA with SHA-1",
    "1.2.840.10040.4.3": "DSA with SHA-1",
}
CURVES = {
    SM2_CURVE: ("SM2", 256),
    "1.2.840.10045.3.1.7": ("P-256", 256),
    "1.3.132.0.34": ("P-384", 384),
    "1.3.132.0.35": ("P-521", 521),
}

BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
SUBJECT_KEY_ID, AUTHORITY_KEY_ID = "2.5.29.14", "2.5.29.35"
SUBJECT_ALT_NAME, CRL_DISTRIBUTION, POLICIES = "2.5.29.17", "2.5.29.31", "2.5.29.32"
CRL_NUMBER, CRL_REASON, DELTA_CRL, ISSUING_POINT = "2.5.29.20", "2.5.29.21", "2.5.29.27", "2.5.29.28"
CERTIFICATE_ISSUER, NAME_CONSTRAINTS = "2.5.29.29", "2.5.29.30"
AUTHORITY_INFO = "1.3.6.1.5.5.7.1.1"

EXTENSIONS = {
    BASIC_CONSTRAINTS: "基本限制",
    KEY_USAGE: "密钥用法",
    EXTENDED_KEY_USAGE: "扩展密钥用法",
    SUBJECT_KEY_ID: "主体密钥标识符",
    AUTHORITY_KEY_ID: "颁发机构密钥标识符",
    SUBJECT_ALT_NAME: "主体可选替换名称",
    CRL_DISTRIBUTION: "CRL 分发点",
    POLICIES: "证书策略",
    NAME_CONSTRAINTS: "名称限制",
    AUTHORITY_INFO: "颁发机构信息访问",
    "1.2.156.10260.4.1.1": "个人身份标识码",
    "1.2.156.10260.4.1.2": "个人社会保险号",
    "1.2.156.10260.4.1.3": "企业组织机构代码",
    "1.2.156.10260.4.1.4": "企业工商注册号",
    "1.2.156.10260.4.1.5": "企业税号",
}
# what path validation takes into account; another critical extension makes a certificate unusable
UNDERSTOOD = frozenset(
    {
        BASIC_CONSTRAINTS,
        KEY_USAGE,
        EXTENDED_KEY_USAGE,
        SUBJECT_KEY_ID,
        AUTHORITY_KEY_ID,
        SUBJECT_ALT_NAME,
        CRL_DISTRIBUTION,
        POLICIES,
        AUTHORITY_INFO,
    }
)

# X.509 §8.2.2.3, in the order of the bits
USAGES = (
    "digital_signature",
    "non_repudiation",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
USAGE_NAMES = dict(
    zip(
        USAGES,
        ("数字签名", "防抵赖", "密钥加密", "数据加密", "密钥协商", "证书签发", "CRL 签发", "只加密", "只解密"),
        strict=True,
    )
)
ANY_PURPOSE, SERVER_AUTH, CLIENT_AUTH = "2.5.29.37.0", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"
CODE_SIGNING, EMAIL, TIME_STAMPING, OCSP = (f"1.3.6.1.5.5.7.3.{number}" for number in (3, 4, 8, 9))
PURPOSE_NAMES = {
    ANY_PURPOSE: "任意用途",
    SERVER_AUTH: "服务器身份鉴别",
    CLIENT_AUTH: "客户端身份鉴别",
    CODE_SIGNING: "代码签名",
    EMAIL: "邮件保护",
    TIME_STAMPING: "时间戳",
    OCSP: "OCSP 签名",
}
ATTRIBUTES = {
    "2.5.4.6": "C",
    "2.5.4.8": "ST",
    "2.5.4.7": "L",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.3": "CN",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.4": "SN",
    "2.5.4.42": "GN",
    "2.5.4.12": "T",
    "1.2.840.113549.1.9.1": "E",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
# CRLReason (RFC 5280 §5.3.1)
REASONS = {
    "unspecified": "未说明原因",
    "key_compromise": "密钥泄露",
    "ca_compromise": "CA 密钥泄露",
    "affiliation_changed": "从属关系变更",
    "superseded": "被取代",
    "cessation_of_operation": "停止使用",
    "certificate_hold": "暂时冻结",
    "remove_from_crl": "解除冻结",
    "privilege_withdrawn": "权限撤销",
    "aa_compromise": "属性机构密钥泄露",
}
