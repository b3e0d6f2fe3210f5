"""Names of keys that several models need: a model that imported another one would change the order of overrides."""

CODES = "auth.data"
