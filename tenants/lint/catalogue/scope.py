"""Whose object is it: PostgreSQL's own or one that somebody made."""

# The first number that an object gets which PostgreSQL did not bring (FirstNormalObjectId).
FIRST_OWN = 16384
# A schema `n` that holds what was made, PostgreSQL's own included, but no session's temporary ones.
HOLDS_OURS = "starts_with(n.nspname, '{prefix}') AND n.nspname !~ '^pg_(toast|temp)'"
# A relation `c` in such a schema `n`.
OUR_RELATION = f"{HOLDS_OURS} AND c.oid >= {FIRST_OWN}"
RELATION_NAME = "n.nspname || '.' || c.relname"
