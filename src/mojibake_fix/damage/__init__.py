"""One file a family of damage: how it is inflicted, recognised and undone."""
