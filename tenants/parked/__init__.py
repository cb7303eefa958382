"""Jobs that fail again and again: counted, then parked with the reason until an operator decides."""
