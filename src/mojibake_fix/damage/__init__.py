"""The families of damage: one file each, which says how it is inflicted, recognised and undone."""
