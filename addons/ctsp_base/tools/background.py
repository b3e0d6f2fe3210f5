"""Methods that a page calls by itself, again and again: asking them is no activity of a person."""


def background(method):
    """Mark a method of a model; a session that only asks such grows idle like one that asks nothing."""
    method.ctsp_background = True
    return method


def is_background(env, path):
    """Say whether a request to ``path`` is the web client's call of a method that is marked."""
    parts = path.strip("/").split("/")
    if parts[:3] != ["web", "dataset", "call_kw"] or len(parts) != 5 or parts[3] not in env.registry:
        return False
    return getattr(getattr(env.registry[parts[3]], parts[4], None), "ctsp_background", False)
