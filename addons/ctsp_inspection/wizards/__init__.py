from . import inspection_evaluate
