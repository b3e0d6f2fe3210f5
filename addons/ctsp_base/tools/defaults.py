"""Guards that look at the values of ``create`` have to see all of them."""


def without_defaults(records, keep=()):
    """Return ``records`` without the values that a caller sends along as ``default_…`` in the context.

    :param keep: names of fields that callers may fill in that way
    """
    context = {
        key: value for key, value in records.env.context.items()
        if not key.startswith("default_") or key.removeprefix("default_") in keep}
    return records.with_env(records.env(context=context))
