from . import inspection_history
