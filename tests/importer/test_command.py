"""``manage.py import_documents``: exit status, one line for each trouble, the files it writes."""

import csv
import io
import json
import os
import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import ArticlePage
from glossary.models import ConceptPage, GlossaryIndexPage
from mindlab.importer.management.commands.import_documents import Command
from tests.factories import make_user
from tests.importer.helpers import ARTICLE, CONCEPT, media_files, rows, write

pytestmark = pytest.mark.django_db


def command(*arguments):
    """Exit status, standard output and the message of an error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_documents", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def test_exit_0_when_all_were_handled(tmp_path):
    write(tmp_path, a_md=ARTICLE, notes_xyz="x", picture_png=b"\x89PNG")
    status, out, _ = command(tmp_path)
    assert status == 0
    assert "ignored  notes.xyz: It is in no format that is imported." in out
    assert "ignored  picture.png: No document that was read in this run shows this image." in out
    assert "1 created, 2 ignored." in out


def test_each_trouble_is_one_line_and_the_others_come_in(tmp_path):
    write(
        tmp_path,
        a_md=ARTICLE,
        binary_txt=b"\x7fELF\x00\x01\x02" * 50,
        broken_txt="Überall ".encode() + b"\xff\xfe\x80 words\n",
        empty_txt=b"",
        latin_md="# Caf\xe9\n\nWords.\n".encode("latin-1"),
    )
    status, out, error = command(tmp_path, tmp_path / "missing.md")
    assert status == 1
    assert error.startswith("4 failed")
    failed = [line.strip() for line in out.splitlines() if line.startswith("  failed")]
    assert [line.split()[1].rstrip(":").rpartition("/")[2] for line in failed] == [
        "missing.md",
        "binary.txt",
        "broken.txt",
        "empty.txt",
    ]
    assert "There is no such file or folder." in failed[0]
    assert sorted(ArticlePage.objects.values_list("title", flat=True)) == ["Café", "How sleep keeps memories"]
    assert "Traceback" not in out + error


def test_exit_2_for_nothing_found_and_for_usage(tmp_path):
    assert command(tmp_path)[0] == 2
    status, _, error = command(tmp_path / "nowhere", tmp_path / "nor\0here")
    assert status == 2
    assert "There is no such file or folder" in error
    write(tmp_path, notes_xyz="x")
    assert command(tmp_path)[0] == 2
    write(tmp_path, a_md=ARTICLE)
    for wrong in (
        ["--under", "nowhere"],
        ["--owner", "nobody"],
        ["--report", tmp_path / "report.doc"],
        ["--report", tmp_path / "nowhere" / "report.json"],
        ["--tree", tmp_path / "a.md"],
    ):
        assert command(tmp_path, *wrong)[0] == 2, wrong
    assert not ArticlePage.objects.exists()


def test_a_wrong_option_leaves_with_2(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        Command().run_from_argv(["manage.py", "import_documents", str(tmp_path), "--kind", "poem"])
    assert caught.value.code == 2
    assert "poem" in capsys.readouterr().err


def test_an_empty_path_is_not_this_folder(capsys):
    with pytest.raises(SystemExit) as caught:
        Command().run_from_argv(["manage.py", "import_documents", ""])
    assert caught.value.code == 2
    assert "the path is empty" in capsys.readouterr().err


def test_the_lock_file_of_an_open_word_file_is_passed_over(tmp_path):
    write(tmp_path, a_md=ARTICLE)
    (tmp_path / "~$a.docx").write_bytes(b"\x05owner")
    assert command(tmp_path)[0] == 0


def test_nothing_but_ordinary_files_inside_the_folder_is_read(tmp_path):
    secret = write(tmp_path / "out", secret_md="# Secret\n\nWords.\n")
    folder = write(tmp_path / "in", a_md=ARTICLE, _git__hidden_md="# Hidden\n\nWords.\n")
    (folder / "_git").rename(folder / ".git")
    (folder / "link.md").symlink_to(secret / "secret.md")
    (folder / "linked").symlink_to(secret)
    os.mkfifo(folder / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folder)
        listener.bind("sock.md")
        os.chdir(here)
        status, out, _ = command(folder)
    assert status == 0
    assert [page.title for page in ArticlePage.objects.all()] == ["How sleep keeps memories"]
    for name in ("link.md", "linked", "pipe.md", "sock.md"):
        assert f"ignored  {name}" in out
    assert "Hidden" not in out


def test_a_pipe_that_is_named_has_failed_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    status, out, _ = command(tmp_path / "pipe.md")
    assert status == 1
    assert "neither a file nor a folder" in out


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("mindlab.importer.sources.MAX_BYTES", 1000)
    from mindlab.importer import sources

    monkeypatch.setattr(sources.read, "__defaults__", (1000,))
    write(tmp_path, big_md="# Big\n\n" + "words " * 1000, a_md="# Small\n\nWords.\n")
    status, out, _ = command(tmp_path)
    assert status == 1
    assert "big.md: The file has" in out
    assert "1 created" in out


def test_a_terminal_without_the_letters_gets_others(tmp_path):
    write(tmp_path, a_md="# Θ rhythm\x1b[31m\n\nWords.\n")
    with io.TextIOWrapper(io.BytesIO(), encoding="ascii") as out:
        call_command("import_documents", str(tmp_path), stdout=out, stderr=out)
        out.seek(0)
        text = out.read()
    assert "? rhythm" in text
    assert "\x1b" not in text


def test_owner_and_under(tmp_path):
    user = make_user("writer")
    index = GlossaryIndexPage.objects.get()
    write(tmp_path, a_md=CONCEPT)
    assert command(tmp_path, "--owner", "writer", "--under", "glossary")[0] == 0
    page = ConceptPage.objects.get()
    assert page.owner == user
    assert page.latest_revision.user == user
    assert page.get_parent().pk == index.pk
    write(tmp_path, b_md=ARTICLE)
    status, out, _ = command(tmp_path, "--under", index.pk)
    assert status == 1
    assert "An article cannot stand under “Glossary”." in out


def test_kind(tmp_path):
    write(tmp_path, a_md=ARTICLE)
    assert command(tmp_path, "--kind", "concept")[0] == 0
    assert ConceptPage.objects.count() == 1


def test_trees_are_named_by_path_and_hold_no_live_values(tmp_path):
    hub = "Oxytocin\n\nWhat it does.\n\n3 articles\n\nThe Essay Title\n\nThese 3 articles are long enough.\n"
    write(tmp_path / "in", a_md=ARTICLE, sub__deep__hub_txt=hub)
    trees = tmp_path / "trees"
    assert command(tmp_path / "in", "--tree", trees)[0] == 0
    assert sorted(path.name for path in trees.iterdir()) == ["a.md.json", "sub__deep__hub.txt.json"]
    tree = json.loads((trees / "sub__deep__hub.txt.json").read_text())
    assert tree["declared_count"] == 3
    assert "3 articles" in json.dumps(tree["blocks"])
    (trees / "a.md.json").unlink()
    assert command(tmp_path / "in" / "a.md", "--tree", trees)[0] == 0
    assert (trees / "a.md.json").exists(), "an unchanged document has its tree written too"


def test_a_dry_run_writes_only_report_and_trees(tmp_path):
    write(tmp_path / "in", a_md=ARTICLE + "\n![Two dots](dots.png)\n", dots_png=PNG)
    before, files = rows(), media_files()
    status, out, _ = command(
        tmp_path / "in", "--dry-run", "--report", tmp_path / "r.json", "--tree", tmp_path / "t"
    )
    assert status == 0
    assert "Dry run, nothing written: 1 created" in out
    assert rows() == before
    assert media_files() == files
    assert json.loads((tmp_path / "r.json").read_text())["counts"] == {"created": 1}
    assert (tmp_path / "t" / "a.md.json").exists()


def test_reports_put_questions_first(tmp_path):
    write(tmp_path / "in", a_md="---\nauthors: [Jo Doe]\n---\nWords without any heading.\n", b_md=ARTICLE)
    for name in ("r.json", "r.csv", "r.txt"):
        assert command(tmp_path / "in", "--dry-run", "--report", tmp_path / name)[0] == 0
    text = (tmp_path / "r.txt").read_text()
    assert text.index("QUESTIONS") < text.index("Jo Doe") < text.index("DOCUMENTS")
    table = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text())))
    assert table[0]["finding"] == "questions"
    assert table[0]["document"] == "a.md"
    assert {row["document"] for row in table if row["finding"] == "document"} == {"a.md", "b.md"}
    first = json.loads((tmp_path / "r.json").read_text())["documents"][0]
    assert list(first)[6] == "questions"
    assert first["questions"]


def test_cells_that_look_like_formulas_are_text(tmp_path):
    write(tmp_path / "in", a_md='---\ntitle: "=HYPERLINK(1)"\n---\nWords.\n')
    command(tmp_path / "in", "--dry-run", "--report", tmp_path / "r.csv")
    table = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text())))
    assert {row["title"] for row in table} == {"'=HYPERLINK(1)"}


def _png():
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (2, 1), "white").save(data, "PNG")
    return data.getvalue()


PNG = _png()
