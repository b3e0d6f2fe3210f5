"""Forms in which SM2 values and keys travel. Pure functions, strict readers: one value, one accepted spelling."""
