"""What people say, as values: days, times,
numbers and names in the words of a telephone call, and back again.
"""
