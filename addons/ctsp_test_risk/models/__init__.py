from . import checked
