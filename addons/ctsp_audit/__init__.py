from . import controllers, models
from .hooks import _carry_over

__all__ = ["_carry_over"]
