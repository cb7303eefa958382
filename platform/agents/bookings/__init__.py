"""What callers have booked, in whichever vertical: lists, changes by a person, a calendar feed."""
