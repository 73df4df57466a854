"""The character model tells text from damage."""

import hashlib
import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix.model import load

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("true", "garbled"),
    [
        ("中文", "ÖÐÎÄ"),
        ("中文", "涓枃"),
        ("的是在一有和", "鐨勬槸鍦ㄤ竴鏈夊拰"),
        ("繁體中文", "羉砰いゅ"),
        ("能力。”会上，", "能力福”会上，"),
        ("Привет, мир", "РџСЂРёРІРµС‚, РјРёСЂ"),
    ],
)
def test_true_text_is_more_probable_than_its_garbled_form(true: str, garbled: str) -> None:
    assert load().log_probability(true) > load().log_probability(garbled)


@given(ANY_TEXT)
def test_every_code_point_has_a_finite_value(text: str) -> None:
    values = load().score(text)
    assert len(values) == len(text)
    assert np.isfinite(values).all()
    assert (values < 0.01).all()


@given(ANY_TEXT, ANY_TEXT)
def test_log_probability_is_the_sum_of_the_scores(before: str, text: str) -> None:
    model = load()
    expected = model.score(before + text)[len(before) :].sum()
    assert model.log_probability(text, before) == pytest.approx(expected, rel=1e-4, abs=1e-3)


@given(ANY_TEXT | st.text("我们中国的人。，“”"))
def test_step_and_steps_agree_with_score(text: str) -> None:
    model = load()
    for index, value in enumerate(model.score(text)):
        assert model.step(text[:index], text[index]) == pytest.approx(value, abs=1e-3)
        assert model.steps(text[:index], text[index])[0] == pytest.approx(value, abs=1e-3)


def test_manifest_describes_the_shipped_table() -> None:
    data = files("mojibake_fix").joinpath("data")
    manifest = json.loads(data.joinpath("model.manifest.json").read_text("utf-8"))
    assert manifest["sha256"] == hashlib.sha256(data.joinpath("model.npz").read_bytes()).hexdigest()
