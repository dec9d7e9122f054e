"""Nouns that several resources touch: they act on a world and know nothing of HTTP."""
