"""The pages on which shadowed calls are compared and judged."""
