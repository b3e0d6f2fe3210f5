from . import core
from . import desk
from . import io
from . import people
