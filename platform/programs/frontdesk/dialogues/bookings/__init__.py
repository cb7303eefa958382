"""Bookings from the first wish to the reference, in any order, changed, refused, tried again."""
