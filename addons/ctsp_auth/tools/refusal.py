"""A sign-in that is refused: the person is told little, the log everything."""
from odoo.exceptions import AccessDenied


class SignInRefused(AccessDenied):
    """``detail`` goes to the audit log, never to the caller. ``counted``: it counts as a wrong attempt."""

    def __init__(self, message, counted=True, **detail):
        super().__init__(message)
        self.counted, self.detail = counted, detail
