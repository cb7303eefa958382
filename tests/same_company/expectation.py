"""What the reader finds of the company, however it was set up."""

EXPECTED: dict[str, object] = {}
