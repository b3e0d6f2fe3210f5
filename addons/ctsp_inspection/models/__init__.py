from . import inspector
from . import inspector_certificate
from . import inspector_leave
from . import inspector_conflict
from . import inspector_availability
from . import home_team
