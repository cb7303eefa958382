"""Whether a tool's arguments were said by the caller, or are known: what nobody said is asked."""
