import json

from lian_desk.cli.exit_codes import DONE, FOUND
from lian_desk.cli.main import main


def test_it_measures_every_figure_beside_its_floor(tmp_path, capsys):
    code = main(["bench", "--workspace", str(tmp_path / "bench"), "--files", "30", "--runs", "2", "--json"])
    assert code in {DONE, FOUND}
    figures = {found["name"]: found for found in json.loads(capsys.readouterr().out)["figures"]}
    assert "start to the worklist on screen" in figures
    assert "file list, first page on screen" in figures
    assert "search by pinyin initials, on screen" in figures
    assert any(name.startswith("follow-up record as PDF") for name in figures)
    for found in figures.values():
        assert found["value_ms"] > 0, found
        assert found["floor_ms"] > 0, found


def test_materials_are_taken_in_and_shown_beside_their_floors(tmp_path, capsys):
    told = ["--megabytes", "12", "--runs", "2", "--only", "materials_import", "--only", "materials_showing", "--json"]
    code = main(["bench", "materials", "--workspace", str(tmp_path / "bench"), *told])
    assert code in {DONE, FOUND}
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert [found["name"].split(" ")[0] for found in figures] == ["import", "thumbnail", "first"]
    assert [(found["aim_ms"], found["aim_ratio"]) for found in figures] == [(None, 3.0), (None, None), (100.0, None)]
    for found in figures:
        assert found["value_ms"] > 0, found
        assert found["floor_ms"] > 0, found
    # what was made to be measured on is kept, the workspaces are not
    assert (tmp_path / "bench" / "import" / "sources-12.whole").exists()
    assert not (tmp_path / "bench" / "import" / "workspace").exists()
