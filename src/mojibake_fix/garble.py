"""Damage on purpose: inflict a family's damage on clean text, byte-exactly, to reproduce a report or to make fixtures.

Every file of `damage/` that has an `inflict` is a family here, and its parameters are the settings.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mojibake_fix import damage, labels
from mojibake_fix.encodings import CHARSETS
from mojibake_fix.failure import near
from mojibake_fix.records import Plan, Repair, Step

_ENCODINGS = ("written", "read", "encoding")
"""Settings that name a character set, in every family that has them."""


@dataclass(frozen=True, slots=True)
class Garble:
    """A damage to inflict.

    Attributes:
        family: Name of its family: "mixup", "slip", "gloss", …
        settings: Arguments of the family's `inflict`, as text, by name.
        rate: Share of the texts that are damaged, from 0 to 1; which ones depends on the text and the seed alone.
        seed: Another seed chooses other texts.
    """

    family: str
    settings: tuple[tuple[str, str], ...] = ()
    rate: float = 1.0
    seed: int = 0

    def __call__(self, text: str) -> Repair:
        """Damage a text; one that cannot take the damage, or is not chosen, comes back as it is.

        >>> Garble("mixup", (("written", "utf-8"), ("read", "cp936"), ("replacement", "?")))("中文字").text
        '涓\\ue15f枃瀛?'
        """
        if not self._chooses(text):
            return Repair(text, text, Plan())
        try:
            garbled = bind(self.family, dict(self.settings))(text)
        except ValueError:
            return Repair(text, text, Plan())
        if garbled == text:
            return Repair(text, text, Plan())
        settings = ", ".join(f"{name}={value}" for name, value in self.settings)
        step = Step(self.family, 0, len(text), text, garbled, f"inflicted: {settings}", 0.0)
        return Repair(text, garbled, Plan.of(text, [(step,)]))

    def _chooses(self, text: str) -> bool:
        digest = hashlib.sha256(f"{self.seed}:{text}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") < self.rate * 2**64


@functools.cache
def families() -> dict[str, Callable[..., str]]:
    """Return `inflict` of every family, by name.

    >>> sorted(families())[:2] != []
    True
    """
    modules = (importlib.import_module(f"{damage.__name__}.{found.name}") for found in _modules())
    return {module.__name__.rpartition(".")[2]: module.inflict for module in modules if hasattr(module, "inflict")}


def bind(family: str, settings: Mapping[str, str]) -> Callable[[str], str]:
    """Return a family's `inflict` with settings that are given as text.

    Raises:
        ValueError: There is no such family or setting, one is missing or has a value that is none.

    >>> bind("gloss", {"hanzi": "業"})("企業")
    '企業(yè)'
    """
    known = families()
    if family not in known:
        raise ValueError(f"no family called {family!r} can be inflicted; there are: {', '.join(sorted(known))}")
    parameters = _parameters(known[family])
    unknown = sorted(set(settings) - set(parameters))
    missing = [name for name, value in parameters.items() if value.default is value.empty and name not in settings]
    if unknown or missing:
        wrong = f"has no setting {', '.join(unknown)}" if unknown else f"needs {', '.join(missing)}"
        raise ValueError(f"{family} {wrong}; its settings are: {', '.join(parameters)}")
    values = {name: _value(parameters[name], text) for name, text in settings.items()}
    return functools.partial(known[family], **values)


def describe(family: Callable[..., str]) -> str:
    """Say in one line what a family's settings are.

    >>> describe(families()["gloss"])
    'hanzi'
    """
    return ", ".join(
        name if value.default is value.empty else f"{name}={value.default}"
        for name, value in _parameters(family).items()
    )


def _modules() -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.iter_modules(damage.__path__))


def _parameters(family: Callable[..., str]) -> dict[str, inspect.Parameter]:
    return {name: value for name, value in inspect.signature(family).parameters.items() if name != "text"}


def _value(parameter: inspect.Parameter, text: str) -> object:
    """Read a setting as its parameter's annotation has it."""
    kind = str(parameter.annotation)
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{parameter.name} is true or false, not {text!r}")
        return text.lower() == "true"
    if parameter.name in _ENCODINGS:
        return _charset(text)
    try:
        return int(text, 0) if kind == "int" else float(text) if kind == "float" else text
    except ValueError as error:
        raise ValueError(f"{parameter.name} is a number, not {text!r}") from error


def _charset(name: str) -> str:
    """Return the name of a character set if there is one of that name."""
    if name in CHARSETS:
        return name
    label = labels.known(name)
    meant = label.codec if label is not None and label.codec in CHARSETS else None
    hint = f"did you mean {meant}?" if meant else near(name, CHARSETS)
    raise ValueError(f"no character set is called {name!r}; {hint}")
