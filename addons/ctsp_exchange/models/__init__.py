from . import audit_port
from . import exchange_nonce
from . import exchange_credential
from . import exchange_admission
from . import exchange_credential_screen
from . import exchange_credential_issue
