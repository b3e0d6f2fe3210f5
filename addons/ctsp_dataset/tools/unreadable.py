class Unreadable(ValueError):
    """The content is not what it is said to be, or is too large. ``code`` for machines, the argument for people."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
