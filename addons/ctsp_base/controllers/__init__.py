from . import transfer
from . import cursor
from . import desk
from . import desk_action
from . import webmanifest
from . import desk_rpc
from . import password
