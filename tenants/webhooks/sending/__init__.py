"""How what a company is told gets there: dispatched, claimed, signed, posted, noted."""
