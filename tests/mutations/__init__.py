"""Holes in the wall between tenants, made one at a time, and the tests that must see each."""
