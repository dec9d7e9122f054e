"""One file per resource of the official API; a file is served by being here."""
