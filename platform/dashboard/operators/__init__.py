"""The rooms of the platform's operators; the pools have one of their own."""
