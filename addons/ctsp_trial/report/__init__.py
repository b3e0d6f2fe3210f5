from . import trial_report
from . import institution_report
from . import specialty_report
from . import person_report
