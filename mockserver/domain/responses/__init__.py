"""Responses: how they are asked for, made, kept, streamed and continued."""
