from . import institution_version_compare
