from . import compare_mixin
from . import clause_compare
from . import law_compare
from . import law_import
from . import decision_try
