"""What a company's own systems are told of, and how it reaches them."""
