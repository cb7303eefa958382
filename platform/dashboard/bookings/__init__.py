"""What callers have booked: a list, a week, one booking with what may be done to it."""
