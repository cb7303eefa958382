"""Files into structured text, each in a child process with bounds, so that a bomb ends only it."""
