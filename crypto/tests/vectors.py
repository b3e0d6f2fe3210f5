"""Published known answers. Hex, as printed in the standards."""
SM3 = (  # GB/T 32905 annex A
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
)

HMAC_SM3 = (  # GM/T 0042 annex D: key, message, MAC
    (bytes(range(1, 33)), b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
     "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"),
    (bytes(range(1, 38)), b"\xcd" * 50, "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae"),
    (b"\x0b" * 32, b"Hi There", "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e"),
)

# GB/T 32907 annex A: key and plaintext are the same
SM4_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
SM4_BLOCK = "681edf34d206965e86b3e94f536e4246"
SM4_MILLION = "595298c7c6fd271f0402f804c33d3f66"

# RFC 8998 annex A
GCM_NONCE = bytes.fromhex("00001234567800000000abcd")
GCM_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
GCM_PLAINTEXT = b"".join(bytes((byte,)) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
GCM_CIPHERTEXT = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d")
GCM_TAG = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")

# GB/T 32918.5 annex A: signature
SM2_D = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
SM2_POINT = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
SM2_K = int("59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21", 16)
SM2_MESSAGE = b"message digest"
SM2_ZA = "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
SM2_E = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
SM2_SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")

# GB/T 32918.5 annex C: encryption with the same key and k, C1 ‖ C3 ‖ C2
SM2_PLAINTEXT = b"encryption standard"
SM2_CIPHERTEXT = bytes.fromhex(
    "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "21886ca989ca9c7d58087307ca93092d651efa")

# GB/T 32918.5 annex B: key exchange
AGREE_D = tuple(bytes.fromhex(text) for text in (
    "81eb26e941bb5af16df116495f90695272ae2cd63d6c4ae1678418be48230029",
    "785129917d45a9ea5437a59356b82338eaaddA6ceb199088f14ae10defa229b5"))
AGREE_EPHEMERAL = tuple(bytes.fromhex(text) for text in (
    "d4de15474db74d06491c440d305e012400990f3e390c7e87153c12db2ea60bb3",
    "7e07124814b309489125eaed101113164ebf0f3458c5bd88335c1f9d596243d6"))
AGREE_KEY = "6c89347354de2484c60b4ab1fde4c6e5"
AGREE_FROM_RESPONDER = "d3a0fe15dee185ceae907a6b595cc32a266ed7b3367e9983a896dc32fa20f8eb"
AGREE_FROM_INITIATOR = "18c7894b3816df16cf07b05c5ec0bef5d655d58f779cc1b400a4f3884644db88"
