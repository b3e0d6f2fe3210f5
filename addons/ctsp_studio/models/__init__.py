from . import base
from . import ir_model_fields
from . import ir_ui_menu
from . import ctsp_studio_field
from . import ctsp_studio_outside
from . import ctsp_studio_placement
from . import ctsp_studio_option
from . import ctsp_studio_menu
