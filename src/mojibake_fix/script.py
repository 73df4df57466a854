"""str -> Script: Simplified, Traditional, mixed, Japanese, Korean; where; for which region.

Every character that conversion touches weighs in for one script, by how much more often that script uses it, in nats:
国 and 國 decide alone, 后 and 著 lean to one side, and characters that both scripts share say nothing, however much
more often one corpus has them. The sum is the decision; near zero it is "undecidable", which is the truth for a fifth
of all four-character strings. A region is told by words, and by characters that Taiwan and Hong
Kong write differently.

The table is built by `tools/build_script.py`; its sources are listed in `data/script.manifest.json`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.arguments import require_text

MARGIN = 0.8
"""Nats between Simplified and Traditional below which a text is undecidable."""

NEVER_JAPANESE, FEWEST_FOREIGN, MOST_FOREIGN = -3.0, 2, 5
"""Nats of a hanzi that Japanese hardly has, and how many of them, one in so many hanzi, make a text with kana Chinese that quotes
Japanese (这家店叫“すき家”): of 7,992 lines of Japanese none has."""

CHINESE = 2.0
"""Nats by which Japanese must win over Chinese where there is no kana: kanji alone are mostly Chinese text."""

JAPANESE = 2.0
"""Nats beyond that from which kanji alone are called Japanese; between 0 and this a text is undecidable."""

MIXED = 3.0
"""Nats of evidence that each script needs in its own stretches for a text to be mixed: one telling character."""

MINORITY = 0.1
"""Share of the evidence that the lesser script of a mixed text has at least: a name or two make no mixed text."""

SWITCH = 2.0
"""Nats that a change of script costs, so that one 后 in a Traditional text is no stretch of Simplified."""

LONGEST_PAIRED = 256
"""Code points up to which pairs of kanji are looked up; in longer text the characters decide, or there is kana."""

_STEP = 0.125
_SIZE = 0x10000
_HAN, _KANA, _HANGUL = 1, 2, 3
_RANGES = (
    (0x3040, 0x30FB, _KANA), (0x30FD, 0x30FF, _KANA), (0x31F0, 0x31FF, _KANA), (0xFF66, 0xFF9D, _KANA),
    (0xAC00, 0xD7A3, _HANGUL), (0x1100, 0x11FF, _HANGUL), (0x3130, 0x318F, _HANGUL),
    (0x3400, 0x4DBF, _HAN), (0x4E00, 0x9FFF, _HAN), (0xF900, 0xFAFF, _HAN), (0x3005, 0x3007, _HAN),
)  # fmt: skip

# Cantonese is told by its own particles, pronouns and verbs, which written Mandarin does not use.
_CANTONESE = re.compile("[嘅喺咗哋嚟啲冇乜咁嗰睇攞噉咩嘢佢唔瞓諗揾搵嗌啱]|而家|點解|邊度|鍾意|係咪|畀")

# Words and characters that one region writes and the other does not, and the nats that one of them is worth. Words
# about a place are worth less: either region writes about the other.
_TAIWAN = re.compile(
    "[裡妳祂牠]|[^名顯土原昭編巨論]著[^作名者述書稱]|軟體|硬體|網路|資訊|程式|螢幕|滑鼠|記憶體|品質|影片|計程車|捷運|機車|便當|腳踏車|"
    "公車|衛生紙|雷射|奈米|矽|鈔|國小|國中|立委|行政院|立法院|民進黨|國民黨|新臺幣|新台幣|總統府|縣市|鄉鎮|里長|"
    "臺灣|台灣|臺北|台北|高雄|台中|臺中|台南|臺南|新竹|花蓮|兩岸|大陸|民國|法官|教授群|透過|藉由|部分|族群|"
    "原住民|眷村|媽祖|夜市|宅配|聯考|學測|碩士班|研發|效能|預設|執行緒|變數|物件|檔案|資料|使用者|伺服器|專案"
)
_HONG_KONG = re.compile(
    "[裏綫衞羣啓麪峯]|[^說看聽]着[^陸]|香港|港府|特首|特區|立法會|的士|巴士|港元|港幣|九龍|新界|地鐵|港鐵|屋邨|"
    "公屋|居屋|差餉|差佬|警務處|廉署|廉政公署|行政長官|中環|旺角|尖沙咀|銅鑼灣|灣仔|沙田|屯門|元朗|荃灣|觀塘|深水埗|"
    "本港|港人|港大|中大|理大|律政司|財政司|政務司|恒生|聯交所|金管局|八達通|茶餐廳|質素|資訊科技|單車|雪櫃|冷氣機|"
    "泊車|的確涼|埋單|樓宇|物業|按揭|街市|班房|學額|撥款|跟進|落實|搭客|乘搭|駕駛者|消委會|食環署|衞生署"
)
REGION = 1.2
"""Nats that one word of a region is worth."""

_PLACES = ("simplified", "traditional")


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text[start:end]` is in one script."""

    start: int
    end: int
    script: str


@dataclass(frozen=True, slots=True)
class Script:
    """What `identify` finds.

    Attributes:
        script: "simplified", "traditional", "mixed", "japanese", "korean", "other" (no Han, kana or Hangul), or
            "undecidable".
        region: "taiwan" or "hong-kong" for Traditional text whose words tell; None otherwise.
        cantonese: The text is written Cantonese.
        log_odds: Nats for Traditional over Simplified; 0.0 where neither is in question.
        han: Number of hanzi.
        kana: Number of kana.
        hangul: Number of Hangul.
        decisive: The characters that decided, the weightiest first, with the nats of each occurrence for Traditional
            (positive) or Simplified (negative) and their number.
        stretches: Where the scripts of a mixed text are; empty otherwise.
    """

    script: str
    region: str | None = None
    cantonese: bool = False
    log_odds: float = 0.0
    han: int = 0
    kana: int = 0
    hangul: int = 0
    decisive: tuple[tuple[str, float, int], ...] = ()
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """Nats of each character for Traditional over Simplified, the same for characters of one script only, nats for
    Japanese over Simplified; its class; what pairs add for Japanese."""

    traditional: NDArray[np.float32] = field(repr=False)
    one_script: NDArray[np.float32] = field(repr=False)
    japanese: NDArray[np.float32] = field(repr=False)
    kinds: NDArray[np.uint8] = field(repr=False)
    pairs: NDArray[np.uint32] = field(repr=False)
    pair_japanese: NDArray[np.float32] = field(repr=False)


def identify(text: str) -> Script:
    """Tell the script of a text.

    Args:
        text: Any string. Of a long one every character is counted; where the scripts of a mixed text lie is found by
            a search over its telling characters.

    >>> identify("这是简体中文").script, identify("這是繁體中文").script, identify("人民").script
    ('simplified', 'traditional', 'undecidable')
    >>> identify("佢哋喺度食飯").cantonese, identify("計程車司機用軟體叫車").region
    (True, 'taiwan')
    >>> [(s.start, s.end, s.script) for s in identify("这个国家的這個國家").stretches]
    [(0, 5, 'simplified'), (5, 9, 'traditional')]
    """
    require_text(text, "identify")
    weights = _load()
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _SIZE - 1)
    counts = np.bincount(codes, minlength=_SIZE) if len(codes) > _SIZE // 8 else None
    if counts is None:
        present, number = np.unique(codes, return_counts=True)
    else:
        present = np.flatnonzero(counts)
        number = counts[present]
    kinds = weights.kinds[present]
    han, kana, hangul = (int(number[kinds == kind].sum()) for kind in (_HAN, _KANA, _HANGUL))
    if not han + kana + hangul:
        return Script("other")
    if hangul * 2 > han + kana:
        return Script("korean", han=han, kana=kana, hangul=hangul)
    foreign = int(number[weights.japanese[present] <= NEVER_JAPANESE].sum())
    if kana * 8 > han and (foreign < FEWEST_FOREIGN or foreign * MOST_FOREIGN < han):
        return Script("japanese", han=han, kana=kana, hangul=hangul)
    evidence = weights.traditional[present] * number
    log_odds = float(evidence.sum())
    decisive = _decisive(present, weights.traditional[present], number)
    japanese = float((weights.japanese[present] * number).sum())
    japanese = min(japanese, japanese - log_odds) - CHINESE
    if len(text) <= LONGEST_PAIRED:
        japanese += _pair_evidence(codes, weights)
    if japanese > JAPANESE:
        return Script("japanese", log_odds=0.0, han=han, kana=kana, hangul=hangul, decisive=decisive)
    certain = weights.one_script[present] * number
    for_simplified, for_traditional = float(-certain[certain < 0].sum()), float(certain[certain > 0].sum())
    if min(for_simplified, for_traditional) >= max(MIXED, MINORITY * (for_simplified + for_traditional)):
        stretches = _stretches(codes, weights.one_script)
        if len(stretches) > 1:
            return Script("mixed", None, _is_cantonese(text, han), log_odds, han, kana, hangul, decisive, stretches)
    if abs(log_odds) < MARGIN or japanese > 0:
        return Script("undecidable", None, _is_cantonese(text, han), log_odds, han, kana, hangul, decisive)
    if log_odds < 0:
        return Script("simplified", None, _is_cantonese(text, han), log_odds, han, kana, hangul, decisive)
    cantonese = _is_cantonese(text, han)
    return Script("traditional", _region(text, cantonese), cantonese, log_odds, han, kana, hangul, decisive)


def _decisive(
    codes: NDArray[np.intp] | NDArray[np.uint32], weights: NDArray[np.float32], number: NDArray[np.intp]
) -> tuple[tuple[str, float, int], ...]:
    order = np.argsort(-np.abs(weights * number), kind="stable")[:8]
    rows = zip(codes[order].tolist(), weights[order].tolist(), number[order].tolist(), strict=True)
    return tuple((chr(code), weight, count) for code, weight, count in rows if weight)


def _pair_evidence(codes: NDArray[np.uint32], weights: _Weights) -> float:
    keys = codes[:-1] << np.uint32(16) | codes[1:]
    indices = np.minimum(np.searchsorted(weights.pairs, keys), len(weights.pairs) - 1)
    return float(weights.pair_japanese[indices][weights.pairs[indices] == keys].sum())


def _is_cantonese(text: str, han: int) -> bool:
    """Cantonese words make up a tenth of written Cantonese; a quotation in a Mandarin text is less than a fiftieth."""
    return len(_CANTONESE.findall(text[:4096])) * 40 > min(han, 4096)


def _region(text: str, cantonese: bool) -> str | None:
    head = text[:4096]
    odds = REGION * (len(_TAIWAN.findall(head)) - len(_HONG_KONG.findall(head)))
    if cantonese:
        odds -= 2 * REGION
    return "taiwan" if odds >= REGION else "hong-kong" if odds <= -REGION else None


def _stretches(codes: NDArray[np.uint32], traditional: NDArray[np.float32]) -> tuple[Stretch, ...]:
    """The most probable cutting into stretches of one script, if each script has enough evidence in its own."""
    evidence = traditional[codes]
    telling = np.flatnonzero(evidence)
    turns = np.flatnonzero(np.diff(np.sign(evidence[telling]), prepend=0.0))
    values = np.add.reduceat(evidence[telling], turns)
    telling = telling[turns]
    totals = [0.0, 0.0]
    origins: list[tuple[int, int]] = []
    for value in values.tolist():
        stays = totals[0] >= totals[1] - SWITCH, totals[1] >= totals[0] - SWITCH
        origins.append((0 if stays[0] else 1, 1 if stays[1] else 0))
        totals = [
            max(totals[0], totals[1] - SWITCH) - value / 2,
            max(totals[1], totals[0] - SWITCH) + value / 2,
        ]
    state = 0 if totals[0] >= totals[1] else 1
    states: list[int] = []
    for origin in reversed(origins):
        states.append(state)
        state = origin[state]
    path = np.array(states[::-1])
    least = max(MIXED, MINORITY * float(np.abs(values).sum()))
    if min(-values[path == 0].sum(), values[path == 1].sum()) < least:
        return ()
    starts = np.flatnonzero(np.diff(path, prepend=1 - path[:1]))
    edges = [0, *telling[starts[1:]].tolist(), len(codes)]
    return tuple(
        Stretch(edges[index], edges[index + 1], _PLACES[int(path[start])])
        for index, start in enumerate(starts.tolist())
    )


@cache
def _load() -> _Weights:
    content = files("mojibake_fix").joinpath("data/script.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as packed:
        table = dict(packed)
    traditional, japanese = np.zeros(_SIZE, np.float32), np.zeros(_SIZE, np.float32)
    traditional[table["characters"]] = table["traditional"] * np.float32(_STEP)
    japanese[table["characters"]] = table["japanese"] * np.float32(_STEP)
    kinds = np.zeros(_SIZE, np.uint8)
    for first, last, kind in _RANGES:
        kinds[first : last + 1] = kind
    keys = table["pairs"][0].astype(np.uint32) << np.uint32(16) | table["pairs"][1]
    order = np.argsort(keys)
    one_script = np.zeros(_SIZE, np.float32)
    one_script[table["characters"]] = traditional[table["characters"]] * table["one_script"]
    return _Weights(traditional, one_script, japanese, kinds, keys[order], table["pair_japanese"][order] * np.float32(_STEP)
    )  # fmt: skip
