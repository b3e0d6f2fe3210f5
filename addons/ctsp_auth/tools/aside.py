"""A cursor of its own beside the one of a request, for what stays whatever becomes of the request."""


def cursor(env):
    """Open one. Where the request reads only, it first lets go of what it has read (as core does for devices)."""
    if env.cr.readonly:
        env.cr.rollback()
    return env.registry.cursor()
