from . import app
from . import session
