"""Jobs that fail again and again: counted, then parked until an operator decides."""
