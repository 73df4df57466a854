"""Doctests of an integration are collected only where its host is installed."""

from importlib.util import find_spec

HOSTS = {"datatrove": "src/mojibake_fix/integrations/datatrove.py"}

collect_ignore = [path for host, path in HOSTS.items() if find_spec(host) is None]
