from . import test_drawing
from . import test_inspector
from . import test_inspector_draw
from . import test_rectification
from . import test_rectification_desk
from . import test_rectification_terms
from . import test_flow
