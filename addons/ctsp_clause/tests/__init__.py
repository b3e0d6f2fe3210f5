from . import test_pure
from . import test_clause
from . import test_library
from . import test_import
from . import test_decision
from . import test_law
from . import test_phrase
from . import test_sample
