from . import (
    auth_attempt,
    auth_lock,
    auth_password,
    auth_session,
    audit_port,
    home,
    ir_http_session,
    ir_websocket,
    res_users_lock,
    res_users_password_policy,
    res_users_session,
    res_users_verifier,
)
