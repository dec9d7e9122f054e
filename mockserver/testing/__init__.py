"""Programs that run the server inside a test."""
