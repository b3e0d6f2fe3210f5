from . import business_settle
