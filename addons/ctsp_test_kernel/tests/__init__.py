from . import test_desk_owned
from . import test_workflow
from . import test_personal
from . import test_constrain
from . import test_tag
