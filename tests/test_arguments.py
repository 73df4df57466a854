"""What is no text, no bytes, no policy and no plan gets an error that says so."""

import json

import pytest

from mojibake_fix import Plan, convert, decode, detect, explain, fix, fix_bytes, identify

GBK = "图书馆的读者越来越多".encode("gbk")


@pytest.mark.parametrize("function", [fix, explain, identify, lambda text: convert(text, "zh-Hans")])
@pytest.mark.parametrize("value", [None, b"abc", bytearray(b"abc"), 5])
def test_what_is_no_text_is_named(function, value):
    with pytest.raises(TypeError, match=f"takes a str, not {type(value).__name__}"):
        function(value)


@pytest.mark.parametrize("function", [decode, detect, fix_bytes])
def test_any_buffer_is_bytes_and_a_str_is_none(function):
    assert function(bytearray(GBK)) == function(memoryview(GBK)) == function(GBK)
    with pytest.raises(TypeError, match="takes bytes, not str; fix and explain take a str"):
        function("图书馆")


@pytest.mark.parametrize("function", [fix, explain])
def test_the_name_of_a_policy_is_none(function):
    with pytest.raises(TypeError, match="takes a Policy"):
        function("没有问题", "guess")


@pytest.mark.parametrize(
    ("name", "value"),
    [("start", "0"), ("start", -1), ("end", 0.5), ("log_odds", "x"), ("mechanism", None), ("before", 7)],
)
def test_what_is_no_step_is_no_plan(name, value):
    document = json.loads(explain("ÐÂµÄ¹æ¶¨").plan.to_json())
    document["stages"][0][0][name] = value
    with pytest.raises(ValueError, match="not a plan"):
        Plan.from_json(json.dumps(document))


@pytest.mark.parametrize("document", ["[" * 100_000, "5", "null", '{"schema": true, "stages": []}'])
def test_other_json_is_no_plan(document):
    with pytest.raises(ValueError, match="plan"):
        Plan.from_json(document)
