from . import document_make
from . import document_sign
from . import template_compare
