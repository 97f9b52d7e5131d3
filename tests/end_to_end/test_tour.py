"""The tour itself: its pictures, a step that fails and says why, its command line, and nothing left behind."""

import json

import pytest
from PIL import Image

from lian_desk.cli.main import main
from lian_desk.tour.camera import Camera
from lian_desk.tour.chapters import FIRST_DAY, STEPS
from lian_desk.tour.run import TourOptions, take_tour
from lian_desk.tour.scenes import pages
from lian_desk.tour.stage import demo_workspace
from lian_desk.tour.story import Step, Tour, play


@pytest.fixture
def tour(stage, tmp_path):
    stage.robot.clear_away()
    camera = Camera(tmp_path)
    camera.look_through(stage.robot)
    yield Tour(stage, camera, tmp_path)
    stage.robot.clear_away()


def size(path):
    with Image.open(path) as picture:
        return picture.size


def test_pictures_are_numbered_and_as_large_as_the_screen_they_show(tour):
    report = play(tour, [Step("worklist", "工作台", pages.worklist, "one")], lambda _result: None)
    assert report.is_whole
    assert [path.name for path in report.pictures] == ["001-worklist-light.png", "002-worklist-1280x720-light.png"]
    assert [size(path) for path in report.pictures] == [(1440, 900), (1280, 720)]
    tour.camera.take("fine", ratio=2)
    assert size(tour.camera.pictures[-1]) == (2880, 1800)


def test_a_dialog_is_seen_over_the_dimmed_window(tour):
    def seen(name):
        tour.camera.take(name)
        with Image.open(tour.camera.pictures[-1]) as picture:
            return picture.convert("L").getpixel((20, 450))

    tour.robot.go_to("工作台")
    bright = seen("window")
    tour.robot.keys("Ctrl+N")
    tour.robot.opened_dialog("新建档案")
    assert seen("dialog") < bright - 40
    tour.robot.cancel()


def test_a_step_that_fails_names_its_widget_ends_its_chapter_and_leaves_a_picture(tour):
    told = []
    report = play(
        tour,
        [
            Step("open", "打开一个没有的按钮", lambda tour: tour.robot.press("没有这个按钮"), "broken"),
            Step("after", "同一章的下一步", lambda tour: tour.robot.go_to("工作台"), "broken"),
            Step("other", "另一章", lambda tour: tour.robot.go_to("医院名录"), "whole"),
        ],
        told.append,
    )
    first, second, third = report.results
    assert "没有这个按钮" in first.problem
    assert "没有做" in second.problem
    assert not third.problem
    assert not report.is_whole
    assert [path.name for path in report.pictures] == ["001-problem-open-light.png"]
    assert [result.step_id for result in told] == ["open", "after", "other"]


def test_every_step_has_an_id_of_its_own_and_a_title():
    steps = [*STEPS, *FIRST_DAY]
    assert len({step.step_id for step in steps}) == len(steps)
    assert all(step.title for step in steps)


def test_the_workspace_of_a_tour_goes_even_after_a_failure(tmp_path):
    def break_off():
        with demo_workspace(tmp_path, 1) as workspace:
            assert workspace.is_dir()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert list(tmp_path.iterdir()) == []


def test_a_tour_takes_away_the_pictures_of_the_one_before_and_nothing_else(dressed, tmp_path, monkeypatch):
    monkeypatch.setattr("lian_desk.tour.run.STEPS", ())
    monkeypatch.setattr("lian_desk.tour.run.FIRST_DAY", ())
    monkeypatch.setattr("lian_desk.tour.run.opened_stage", NoWindow)
    for name in ("001-worklist-light.png", "001-worklist-dark.png", "holiday-light.png", "A-26_FR-1.pdf"):
        (tmp_path / name).write_bytes(b"")
    report = take_tour(TourOptions(tmp_path, tmp_path, files=1), lambda _result: None)
    assert report.is_whole
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"001-worklist-dark.png", "holiday-light.png", "A-26_FR-1.pdf"}


class NoWindow:
    def __init__(self, workspace, clock):
        self.robot = None

    def __enter__(self):
        from lian_desk.tour.stage import Stage

        return Stage(running=None, robot=None, folder=None)

    def __exit__(self, *details):
        return None


def test_the_command_line_refuses_what_is_no_folder_and_no_number(tmp_path, capsys):
    plain = tmp_path / "file"
    plain.write_text("x", encoding="utf-8")
    assert main(["tour", "--out", str(plain)]) == 2
    assert "不是文件夹" in capsys.readouterr().err
    assert main(["tour", "--out", str(tmp_path / "out"), "--files", "0"]) == 2
    assert not (tmp_path / "out").exists()


def test_the_dark_half_that_breaks_off_is_a_failed_step(monkeypatch, tmp_path, capsys):
    from lian_desk.cli import tour as command

    class Broken:
        def communicate(self, timeout=None):
            return "", "Traceback\nlian-desk: 磁盘已满"

        def poll(self):
            return 1

    whole = {"steps": [], "pictures": [], "papers": [], "warnings": [], "seconds": 0.0, "succeeded": True}
    monkeypatch.setattr(command, "_begin_dark_half", lambda _arguments: Broken())
    monkeypatch.setattr(command, "_own_half", lambda _arguments: dict(whole))
    assert main(["tour", "--out", str(tmp_path), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["steps"][0]["problem"] == "lian-desk: 磁盘已满"
    assert not facts["succeeded"]
