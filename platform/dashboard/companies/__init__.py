"""Where somebody who belongs to several companies goes from one to another."""
