from . import audit_find
