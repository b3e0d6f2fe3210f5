from . import test_access_matrix
from . import test_access_rpc
from . import test_added_outside
from . import test_bad_channels
from . import test_bad_input
from . import test_defaults
from . import test_import_all
from . import test_low_code
