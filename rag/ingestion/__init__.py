"""A revision's way into the index, in steps that a killed worker neither loses nor doubles."""
