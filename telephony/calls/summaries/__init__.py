"""What a model makes of a call after its end: a summary, and the fields that its agent asks for."""
