from . import inspection_history
from . import inspection_term
from . import inspection_report
from . import inspection_object_report
from . import clause_report
from . import inspector_report
from . import institution_report
from . import trial_report
