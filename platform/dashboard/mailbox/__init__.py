"""The mail of a machine that sends none: for trying things out, never in production."""
