def _take_over(env):
    """Bring the accounts that are there already under the key, so that nobody has to do anything at an upgrade.

    Sessions end with it: what their tokens are made of has changed.
    """
    users = env["res.users"].with_context(active_test=False).search([])
    users._wrap_old_verifiers()
    users._start_password_age()
    env["res.users.apikeys"]._protect_old_keys()
