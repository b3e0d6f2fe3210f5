from . import papered
