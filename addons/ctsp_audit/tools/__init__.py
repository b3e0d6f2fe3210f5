from . import chain, content, nudge, origin, row
