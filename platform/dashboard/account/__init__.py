"""A person's own account: name, address, password, second factors, sign-ins, its end."""
