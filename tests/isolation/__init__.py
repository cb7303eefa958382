"""The wall between companies and between roles, at every address, socket, job and command."""
