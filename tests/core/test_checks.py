from wagtail.blocks import CharBlock

from mindlab.core import checks, gate


class Plain(CharBlock):
    class Meta:
        template = "blocks/text.html"


def test_blocks_of_the_house_explain_themselves():
    assert checks.blocks_explain_themselves(None) == []


def test_block_without_help_is_named():
    assert list(checks._lacking(CharBlock())) == ["description", "template", "preview"]
    assert list(checks._lacking(Plain(description="x", preview_value="y"))) == []


def test_missing_gate_is_an_error(monkeypatch):
    assert checks.a_gate_is_registered(None) == []
    monkeypatch.setattr(gate, "_gates", [])
    [error] = checks.a_gate_is_registered(None)
    assert error.id == "mindlab.E002"
