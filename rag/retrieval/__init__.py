"""How passages are found: by meaning and by words, put in one order."""
