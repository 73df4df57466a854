"""Words of a text that come back decide what a lost byte was."""

import numpy as np
import pytest

from mojibake_fix import GUESS, explain, fix
from mojibake_fix.damage import mixup, slip
from mojibake_fix.echo import LONGEST, Echo


def test_a_name_that_stands_elsewhere_in_the_text_comes_back() -> None:
    known, line = "他家的猫叫阿豨，很胖。", "我们都喜欢阿豨."
    garbled = mixup.inflict(line, "utf-8", "cp936", replacement="\ufffd")
    assert fix(garbled, GUESS) != line
    assert fix(f"{known}\n{garbled}", GUESS) == f"{known}\n{line}"


def test_what_was_garbled_elsewhere_tells_once_it_is_read() -> None:
    text = "他家的猫叫阿豨，很胖。\n我们都喜欢阿豨."
    garbled = "\n".join(mixup.inflict(line, "utf-8", "cp936", replacement="\ufffd") for line in text.split("\n"))
    assert fix(garbled, GUESS) == text


def test_a_byte_that_a_slip_took_is_found_elsewhere() -> None:
    known = "我们去年种了三亩芍药，"
    line = "今年又种了五亩芍药。"
    slipped = slip.inflict(line, "lost", offset=13)
    assert fix(slipped, GUESS) != line
    assert fix(known + slipped, GUESS) == known + line


def test_lost_characters_do_not_tell_of_each_other() -> None:
    line = "我们都喜欢阿豨."
    garbled = mixup.inflict(line, "utf-8", "cp936", replacement="\ufffd")
    once, twice = explain(garbled, GUESS), explain(f"{garbled}\n{garbled}", GUESS)
    assert twice.text == f"{once.text}\n{once.text}"


def test_only_the_beginning_of_a_very_long_text_is_asked() -> None:
    text = "沧溟" + "。" * LONGEST + "云霁"
    assert Echo(text).ahead("沧云", "溟", np.full(2, -9.0)).argmax() == 0
    assert Echo(text).behind("云", "霁霄", np.full(2, -9.0)).tolist() == pytest.approx([-9.0, -9.0])
