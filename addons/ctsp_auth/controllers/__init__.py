from . import account, certificate, gateway, key_scope, session
