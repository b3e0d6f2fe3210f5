"""Keys the simulator of the cloud tests holds."""
from ctsp_crypto import KeyHandle

PAIR, DATA = KeyHandle("sign", "sign"), KeyHandle("data", "data")
