"""What was found and done, for people and for machines: one file a format."""
