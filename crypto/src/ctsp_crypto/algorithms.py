"""Names of algorithms as results carry them and configuration writes them, and their fixed sizes (bytes)."""
SM3 = "SM3"  # GB/T 32905
HMAC_SM3 = "HMAC-SM3"  # GB/T 15852.2 mechanism 2 with SM3
SM4_MAC = "SM4-MAC"  # GB/T 15852.1 scheme 1, padding 3: for devices without HMAC
SM4_GCM = "SM4-GCM"  # GB/T 36624 mechanism 5, GB/T 32907
SM4_CBC = "SM4-CBC"  # GB/T 17964 with PKCS#7 padding
SM4_CTR = "SM4-CTR"  # GB/T 17964
SM2_SIGN = "SM2-SM3"  # GB/T 32918.2 over ZA and message, SM3
SM2_ENCRYPT = "SM2"  # GB/T 32918.4
SM2_AGREE = "SM2-KE"  # GB/T 32918.3

CIPHERS = (SM4_GCM, SM4_CBC, SM4_CTR)

DIGEST_SIZE = 32
SM4_KEY_SIZE = 16
SM4_BLOCK_SIZE = 16
GCM_NONCE_SIZE = 12
GCM_TAG_SIZE = 16
SM2_FIELD_SIZE = 32
SM2_POINT_SIZE = 65
SM2_SIGNATURE_SIZE = 64
SM2_PLAINTEXT_MAX = 65_535

# GB/T 35276 §10: the signer's identity where none is agreed on
DEFAULT_ID = b"1234567812345678"
