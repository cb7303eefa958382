"""Programs that are no part of the monolith: started by themselves, they know the kernel at most."""
