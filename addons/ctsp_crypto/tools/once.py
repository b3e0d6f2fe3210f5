from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError


@contextmanager
def once():
    """Have a request made again where another one writes the same unique row at the same moment.

    :raise ConcurrencyError: Odoo repeats the request, which then sees what the other one wrote
    """
    try:
        yield
    except UniqueViolation as error:
        raise ConcurrencyError("another request tells of the same at this moment") from error
