from . import plan_report
from . import overview
from . import overview_figures
from . import overview_xlsx
