from . import secret, twin
