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
