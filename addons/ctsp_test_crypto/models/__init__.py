from . import act, secret, twin
