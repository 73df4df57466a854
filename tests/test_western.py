"""Text in Western letters: as people write it, it stays; as UTF-8 read in Latin-1 or CP1252, it comes back."""

import pytest

from mojibake_fix import GUESS, check, explain, fix
from mojibake_fix.damage import mixup

CLEAN = [
    "Lekce 4.2: PŘÍKAZ VYHLEDÁVÁNÍ A ZÁMĚNY",
    "Nejprve se naučíš vkládat řádky, potom je mažeš.",
    "POZNÁMKA: řádek, který vkládáš, začíná číslicí.",
    "HARMADIK LECKE: AZ ÁTÍRÁS ÉS A TÖRLÉS PARANCSAI",
    "Ders 3: DEĞİŞTİR KOMUTU İÇİN METİN SEÇME",
    "Урок 2.2: БІЛЬШЕ КОМАНД ДЛЯ ЗАМІНИ ТЕКСТУ",
    "Команда ЗАМЕНЫ работает так же, как и УДАЛЕНИЕ.",
    "Μάθημα 5: για να αλλάξετε τη λέξη, πατήστε δύο φορές",
    "PLIK ŹRÓDŁOWY... KATALOG DOCELOWY",
    'alphabet = "ÁÂÃÀÇÉÊÍÓÔÕÚáâãàçéêíóôõú"',
    'alphabet = "æøåÆØÅ"',
    "quotes: „“‚‘, «», “”‘’",
    "Kľúč sa nepodarilo načítať zo súboru kľúčov",
    "Le cœur déçu mais l'âme plutôt naïve, Louÿs rêva de crapaüter",
    "x²y³z¹ und 20°±2°",
    "--lines=[+]БРОЈ          исписује последњих редова",
    "СПІС_ФАЙЛАЎ [--output НАЗВА_ФАЙЛА]",
]


@pytest.mark.parametrize("text", CLEAN)
def test_words_of_one_script_and_one_case_stay(text: str) -> None:
    assert fix(text) is text
    assert fix(text, GUESS) is text


@pytest.mark.parametrize(
    "text",
    [
        "un café en la mañana",
        "La région a été découverte par l’équipe.",
        "Müller wohnt in der Straße gegenüber.",
        "również Łódź i Kraków",
        "naïve",
        "tablice haszujących i urządzenia",
        "A verificação da seção não é obrigatória.",
        "Nemůžete smazat poslední řádek, dokud není uložený.",
        "price: 10€ – 20€",
        "©2020 José María Núñez",
    ],
)
@pytest.mark.parametrize("reader", ["latin-1", "cp1252"])
def test_western_text_read_in_latin_1_comes_back(text: str, reader: str) -> None:
    try:
        garbled = mixup.inflict(text, "utf-8", reader)
    except ValueError:
        pytest.skip(f"{reader} cannot show it")
    assert fix(garbled) == text


def test_a_western_word_in_chinese_text_comes_back_with_its_mechanism() -> None:
    repair = explain("这家店叫CafÃ©，咖啡不错。")
    assert repair.text == "这家店叫Café，咖啡不错。"
    assert repair.plan.steps[0].mechanism == "written as utf-8, read as cp1252"
    assert repair.plan.undo(repair.text) == repair.source
    assert [damage.found for damage in check(repair.source)] == ["Ã©"]


def test_a_second_layer_is_no_cheap_explanation() -> None:
    garbled = r"\fInÃºmero"  # cp850 would have read ǧ, and below that layer anything
    assert fix(garbled) is garbled


def test_chinese_that_was_read_in_latin_1_goes_before_western_words() -> None:
    assert fix(mixup.inflict("茅台酒的价格", "cp936", "cp1252")) == "茅台酒的价格"
    assert fix(mixup.inflict("café 的价格不贵", "utf-8", "latin-1")) == "café 的价格不贵"
