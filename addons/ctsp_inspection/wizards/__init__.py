from . import inspection_declare
from . import inspection_evaluate
from . import inspection_scope
