import pytest

from mindlab.core.rich_text import excerpt, plain


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("Short enough", 20, "Short enough"),
        ("Short enough", 12, "Short enough"),
        ("Sleep spindles are bursts", 18, "Sleep spindles\u00a0…"),
        ("Sleep spindles are bursts", 16, "Sleep spindles\u00a0…"),
        ("Sleep spindles, and bursts", 18, "Sleep spindles\u00a0…"),
        ("Pneumonoultramicroscopic", 10, "Pneumono\u00a0…"),
        ("In \n two lines", 20, "In two lines"),
        ("", 20, ""),
    ],
)
def test_an_excerpt_ends_between_words(text, longest, shown):
    assert excerpt(text, longest) == shown
    assert len(excerpt(text, longest)) <= longest


def test_plain_words_hold_signs_as_they_are_read():
    assert plain("<p>p &lt; 0.05 &amp; r &gt; 0</p><p>n = 4</p>") == "p < 0.05 & r > 0 n = 4"
