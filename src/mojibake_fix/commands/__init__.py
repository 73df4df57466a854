"""The commands of `mojibake-fix`, one file each.

A file `name.py` gives the command `name`: it defines `command`, a `click.Command`. Nothing else needs to know of it.
Import what is heavy inside the function, so that `--help` stays quick.
"""
