from . import compose
from . import operators
