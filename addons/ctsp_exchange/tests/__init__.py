from . import test_credential
from . import test_engine
from . import test_contract
from . import test_turns
from . import test_intake
from . import test_pure
from . import test_reconcile
from . import test_mapping
