{
    "name": "CTSP Cryptography",
    "summary": "Keys, signatures, integrity and encryption with SM2, SM3 and SM4 behind exchangeable providers",
    "version": "19.0.1.0.0",
    "category": "CTSP/Engine",
    "author": "CTSP",
    "website": "https://ctsp.example.org",
    "license": "LGPL-3",
    "depends": ["ctsp_audit"],
    "data": [
        "security/ir.model.access.csv",
        "data/ctsp_crypto_purpose.xml",
        "views/ctsp_crypto_key.xml",
        "views/ctsp_crypto_purpose.xml",
        "views/menus.xml",
    ],
    "installable": True,
}
