from . import transfer
from . import cursor
