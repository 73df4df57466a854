"""The character model tells text from damage."""

import hashlib
import json
import random
import time
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


@given(ANY_TEXT | st.text("我们中国的人。，“”"), ANY_TEXT | st.text("我们中国的人。，“”"))
def test_each_step_is_step_after_all_before_it(before: str, text: str) -> None:
    model, whole = load(), before + text
    expected = [model.step(whole[:place], whole[place]) for place in range(len(before), len(whole))]
    assert model.each_step(text, before) == pytest.approx(expected)


@given(st.lists(ANY_TEXT | st.text("我们中国的人。，“”"), max_size=40), st.randoms(use_true_random=False))
def test_score_at_some_places_is_step(pieces: list[str], draw: random.Random) -> None:
    model, text = load(), "".join(pieces)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    for number in (5, 100):  # one by one, and with arrays
        places = [draw.randrange(len(text)) for _ in range(number if text else 0)]
        places += range(min(len(text), number))
        found = model.score_at(codes, np.array(places, np.intp)).tolist()
        assert found == [model.step(text[:place], text[place]) for place in places]


def test_score_at_knows_the_rows_of_a_matrix() -> None:
    model, text = load(), "我们中国的人民共和国，“你好”" * 10
    rows = [text[start : start + 5] for start in range(0, 100, 5)]
    codes = np.array([[ord(character) for character in row] for row in rows], np.uint32)
    expected = [model.step(row[:place], row[place]) for row in rows for place in range(5)]
    assert model.score_at(codes, np.arange(100)).tolist() == expected
    assert model.score_at(codes, np.arange(3, 9)).tolist() == expected[3:9]


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("商人之家。”会上", "商人之家福”会上"),
        ("提高能力。”\n", "提高能力福”\n"),
        ("他说：“你好。”", "他说：“你好福”"),
        ("我們的社會", "我們旳社會"),
        ("ありがとうございます", "ぁガヴやざヰヌぽゑ々"),
        ("안녕하세요", "뷁녕핟셰욧"),
        ("caf\u00e9 au lait", "caf\u00c3\u00a9 au lait"),
    ],
)
def test_context_tells_likely_text(likely: str, unlikely: str) -> None:
    assert load().log_probability(likely) > load().log_probability(unlikely) + 3


@pytest.mark.parametrize("text", ["的一是不了在人有我他", "我們這個時候沒有對於", "程序員,。!?"])
@pytest.mark.parametrize("read_as", ["latin-1", "cp1251", "cp437", "cp932", "big5", "euc_kr"])
def test_gbk_read_wrongly_is_never_more_probable(text: str, read_as: str) -> None:
    garbled = text.encode("gbk").decode(read_as, "replace")
    assert load().log_probability(text) > load().log_probability(garbled)


@pytest.mark.parametrize("history", ["", "中", "我们", "“", "a", "12", "Ж", "の", "\n"])
def test_probabilities_after_a_history_sum_to_about_one(history: str) -> None:
    every = np.arange(0x110000, dtype=np.uint32)
    assert np.exp(load().steps(history, every).astype(np.float64)).sum() == pytest.approx(1, abs=0.1)


def test_a_matrix_is_scored_row_by_row() -> None:
    texts = ["人民的名义", "ÖÐÎÄxyz"[:5], "。”\n我们"]
    codes = np.array([[ord(character) for character in text] for text in texts], np.uint32)
    expected = np.array([load().score(text) for text in texts])
    assert np.allclose(load().score_codes(codes), expected)
    assert load().score("").shape == (0,)
    assert load().steps("中", "").shape == (0,)


def test_loading_takes_little_time() -> None:
    start = time.perf_counter()
    load.__wrapped__()
    assert time.perf_counter() - start < 1  # measured: 0.03 s; the bound leaves room for a busy machine


def test_manifest_describes_the_shipped_table() -> None:
    data = files("mojibake_fix").joinpath("data")
    manifest = json.loads(data.joinpath("model.manifest.json").read_text("utf-8"))
    assert manifest["sha256"] == hashlib.sha256(data.joinpath("model.npz").read_bytes()).hexdigest()
