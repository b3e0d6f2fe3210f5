from . import controllers, models, wizards
from .hooks import _carry_over

__all__ = ["_carry_over"]
