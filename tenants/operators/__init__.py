"""What the platform's operators see of companies: each look into one stands in its own trail."""
