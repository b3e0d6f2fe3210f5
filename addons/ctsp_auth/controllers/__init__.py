from . import account, certificate, closed, gateway, key_scope, session
