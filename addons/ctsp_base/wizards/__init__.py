from . import account_password
from . import role_grant
from . import role_grant_line
