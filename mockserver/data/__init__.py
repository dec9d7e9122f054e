"""Files shipped with the package: facts of the official API that are data, not code."""
