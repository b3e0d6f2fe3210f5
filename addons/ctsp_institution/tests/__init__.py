from . import test_access
from . import test_compare
from . import test_institution
from . import test_organization
from . import test_register
from . import test_specialty
from . import test_tools
from . import test_version
