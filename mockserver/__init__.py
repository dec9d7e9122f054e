"""A local stand-in for the OpenAI HTTP API with state and time."""

__version__ = "0.1.0"
