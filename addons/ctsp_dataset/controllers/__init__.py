from . import dataset
from . import open_api
from . import open_api_docs
from . import open_api_files
from . import open_api_sandbox
