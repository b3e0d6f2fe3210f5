"""Separation of powers: which groups exclude each other and which no role may lead to.

Rule: GB/T 22239-2019 (等保三级) 8.1.5.1-8.1.5.3: system, audit and security administrators are different people.
"""
from odoo.exceptions import AccessError

# nobody holds two of these
ADMINISTRATORS = (
    "ctsp_base.group_system_admin", "ctsp_base.group_security_admin", "ctsp_base.group_audit_admin",
)
# whoever has one of these can give himself anything: only the emergency account holds them
ALMIGHTY = ("base.group_system", "base.group_erp_manager")
# accounts that the system administrator cannot touch: taking one over would undo the separation
GUARDED = (*ALMIGHTY, "ctsp_base.group_security_admin", "ctsp_base.group_audit_admin")

CATEGORY = "ctsp_base.module_category"


def check_security_admin(env):
    """Let pass the security administrator and the superuser; :raise AccessError: for everybody else."""
    if not (env.su or env.user.has_group("ctsp_base.group_security_admin")):
        raise AccessError(env._("Only the security administrator may do this."))


def groups(env, names):
    """Return the existing groups among ``names``, as superuser: rules are about all groups, not the visible ones."""
    found = env["res.groups"].sudo()
    for name in names:
        found |= env.ref(name, raise_if_not_found=False) or found
    return found
