from . import controllers, models
from .hooks import _take_over

__all__ = ["_take_over"]
