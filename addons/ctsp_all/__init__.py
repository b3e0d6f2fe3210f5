from .hooks import _set_defaults

__all__ = ["_set_defaults"]
