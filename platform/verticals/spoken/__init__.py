"""What people say as values and back again: days, times, numbers and names on a telephone."""
