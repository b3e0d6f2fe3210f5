"""Which provider serves which port: read from configuration, tested at start with known answers, reported."""
from .chooser import Choice
from .configuration import load, time_stamp_authority
