"""Turns garbled Chinese text back into what its author wrote."""
