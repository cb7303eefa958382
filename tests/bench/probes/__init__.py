"""The wall between companies, tried a million times: what is asked, and how a leak is told."""
