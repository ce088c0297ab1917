import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.repair import repair
from tests.importer.parsers.damage import CODECS, DELICATE, SENTENCES, damage, locales, places


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("codec", CODECS)
def test_nearly_all_damage_is_put_right(codec, times):
    cases = [(sentence, bad) for sentence in SENTENCES for bad in places(sentence, codec, times)]
    right = sum(repair(bad)[0] == sentence for sentence, bad in cases)
    assert len(cases) > 200
    assert right / len(cases) >= 0.98


@pytest.mark.parametrize("sentence", SENTENCES + DELICATE)
def test_sound_text_is_never_touched(sentence):
    assert repair(sentence) == (sentence, ())


def test_sound_text_of_a_hundred_languages_is_never_touched():
    catalogues = locales()
    assert len(catalogues) > 80
    for path in catalogues:
        assert repair(path.read_text("utf-8"))[1] == (), path.parts[-3]


def test_what_is_damaged_all_through_is_refused_and_not_worked_on_for_minutes():
    with pytest.raises(DocumentError, match="damaged in more than"):
        repair("ÎĽg " * 200_001)


def test_greek_through_cp1250_that_ftfy_alone_misses():
    text, repairs = repair("cortisol >20 ÎĽg/dL\nsound μ line")
    assert text == "cortisol >20 μg/dL\nsound μ line"
    (found,) = repairs
    assert (found.line, found.before, found.after) == (1, "ÎĽg/dL", "μg/dL")
    assert found.rule == "UTF-8 read as Windows-1250"


def test_each_damaged_word_is_reported():
    bad = damage("α and β", "Mac Roman")
    assert [r.after for r in repair(bad)[1]] == ["α", "β"]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    "sound", ["soma ←── axon", "sin(θⱼ − θᵢ)", "S = ∫ 𝒟x", "«¿dónde?», «¡qué!», dijo", "zis Ștefan"]
)
def test_signs_that_diagrams_and_formulae_use_come_back(sound, codec):
    words = sound.split(" ")
    for index, word in enumerate(words):
        try:
            bad = damage(word, codec)
        except UnicodeDecodeError:
            continue
        assert repair(" ".join([*words[:index], bad, *words[index + 1 :]]))[0] == sound, word


def test_c1_controls_serve_the_repair_and_then_go():
    assert (
        repair("amygdala â†\x90 cortex, Ca²â\x81º and \x81 stray")[0] == "amygdala ← cortex, Ca²⁺ and  stray"
    )


@given(st.text(alphabet=st.sampled_from("aZ ÎĽâ€™”“Ã©Â°√π≈Œ±žŻ\x81\x90\xa0\n"), max_size=40))
def test_repairing_twice_changes_nothing_more(text):
    once, _ = repair(text)
    assert repair(once)[0] == once


@given(st.text(max_size=80), st.sampled_from(sorted(CODECS)))
def test_lines_keep_their_numbers(text, codec):
    bad = damage(text.encode("utf-8", "ignore").decode(), codec)
    assert repair(bad)[0].count("\n") == bad.count("\n")
