"""Programs that are no part of the monolith: each is started by itself and knows the kernel."""
