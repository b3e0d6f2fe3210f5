from . import test_desk_owned
from . import test_workflow
