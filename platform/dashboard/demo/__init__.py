"""The demo: three calls on real parts, shown while they run, and what they came to."""
