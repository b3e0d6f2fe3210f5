from . import test_document
from . import test_document_access
from . import test_template
from . import test_batch
from . import test_screens
from . import test_desk_attacks
