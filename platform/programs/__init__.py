"""Programs that are no part of the monolith: each runs alone and knows the kernel at most."""
