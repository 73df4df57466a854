"""Turns garbled Chinese text back into what its author wrote.

The names below are the public interface; the modules behind them, in the order in which data flows, are `records`,
`encodings`, `model`, `scan`, `detect`, `decode`, `script`, `convert`, `lattice`, `damage`, `repair`. Each name is
loaded when it is first used, so that `import mojibake_fix` costs next to nothing.

>>> import mojibake_fix
>>> mojibake_fix.fix("履職能力?!睍\\ue490?,朱勤虎對于")
'履職能力。”會上,朱勤虎對于'
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mojibake_fix.convert import Choice as Choice
    from mojibake_fix.convert import Conversion as Conversion
    from mojibake_fix.convert import Span as Span
    from mojibake_fix.convert import conversion as conversion
    from mojibake_fix.convert import convert as convert
    from mojibake_fix.decode import decode as decode
    from mojibake_fix.detect import detect as detect
    from mojibake_fix.detect_stream import Detector as Detector
    from mojibake_fix.detect_stream import detect_stream as detect_stream
    from mojibake_fix.labels import UnknownEncodingError as UnknownEncodingError
    from mojibake_fix.records import GUESS as GUESS
    from mojibake_fix.records import RESTORE as RESTORE
    from mojibake_fix.records import SAFE as SAFE
    from mojibake_fix.records import Damage as Damage
    from mojibake_fix.records import Loss as Loss
    from mojibake_fix.records import Plan as Plan
    from mojibake_fix.records import PlanMismatchError as PlanMismatchError
    from mojibake_fix.records import Policy as Policy
    from mojibake_fix.records import Repair as Repair
    from mojibake_fix.records import Step as Step
    from mojibake_fix.records_bytes import Decoded as Decoded
    from mojibake_fix.records_bytes import Detection as Detection
    from mojibake_fix.records_bytes import LostBytes as LostBytes
    from mojibake_fix.records_bytes import Segment as Segment
    from mojibake_fix.repair import check as check
    from mojibake_fix.repair import explain as explain
    from mojibake_fix.repair import fix as fix
    from mojibake_fix.repair_bytes import BytesRepair as BytesRepair
    from mojibake_fix.repair_bytes import explain_bytes as explain_bytes
    from mojibake_fix.repair_bytes import fix_bytes as fix_bytes
    from mojibake_fix.script import Script as Script
    from mojibake_fix.script import Stretch as Stretch
    from mojibake_fix.script import identify as identify

_HOMES = {
    "convert": ("Choice", "Conversion", "Span", "conversion", "convert"),
    "script": ("Script", "Stretch", "identify"),
    "records": ("GUESS", "RESTORE", "SAFE", "Damage", "Loss", "Plan", "PlanMismatchError", "Policy", "Repair", "Step"),
    "repair": ("check", "explain", "fix"),
    "decode": ("decode",),
    "detect": ("detect",),
    "detect_stream": ("Detector", "detect_stream"),
    "labels": ("UnknownEncodingError",),
    "records_bytes": ("Decoded", "Detection", "LostBytes", "Segment"),
    "repair_bytes": ("BytesRepair", "explain_bytes", "fix_bytes"),
}
_EXPORTS = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_EXPORTS)
__version__ = "0.1.0"


class _Package(ModuleType):
    """The package, in which a public name is never its module.

    Importing the module `mojibake_fix.check` would put it in the place of the function `check`.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _EXPORTS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """Load a public name on its first use."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return [*__all__, "__version__"]
