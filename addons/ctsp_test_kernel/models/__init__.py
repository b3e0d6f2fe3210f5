from . import core, desk, io, people
