"""A reading that is killed with -9 goes on behind the last page that was kept; nothing is read twice or lost."""

import io
import subprocess
import sys
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.tables.materials.recognition import MaterialPageText, RecognitionJob
from lian_desk.models.vocabulary import MaterialSource, RecognitionState
from lian_desk.services.demo.pages.page_layout import REGULAR, register_fonts
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.reading_queue.runner import ReadingQueue
from lian_desk.services.workspace.workspace import open_workspace
from tests.desk_fixture import MONDAY
from tests.desk_world import World
from tests.integration.recognition.conftest import read_everything

PAGES = 60
MARKER = "绝密标记文字甲乙丙丁"


def _long_paper() -> bytes:
    register_fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, initialFontName=REGULAR)
    for page in range(PAGES):
        canvas.setFont(REGULAR, 12)
        canvas.drawString(60, 760, f"姓名：王淑兰　第{page + 1}页　{MARKER}，住院期间护理记录单，病情平稳。")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_kill_9_loses_no_page_and_repeats_none(world: World, file_id: int) -> None:
    intake = MaterialIntake(world.desk, file_id, MaterialSource.DROP)
    key = intake.take_in(IntakeItem("护理记录.pdf", _long_paper())).material_id
    intake.close()
    queue = ReadingQueue(world.desk)
    world.desk.execute(queue.queue_unread())
    queue.close()
    folder = world.desk.opened.layout.folder
    world.desk.close()

    script = Path(__file__).with_name("read_until_killed.py")
    root = Path(__file__).parents[3]
    child = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", f"tests.integration.recognition.{script.stem}", str(folder)],
        stdout=subprocess.PIPE,
        cwd=root,
    )
    assert child.stdout is not None
    assert child.stdout.readline().decode().strip() == f"kept 25 of {PAGES}"
    child.kill()
    child.wait()
    child.stdout.close()

    desk = Desk(open_workspace(folder, by_throw_away_key(), MONDAY), FixedClock(MONDAY))
    try:
        with desk.read() as session:
            job = session.scalars(select(RecognitionJob)).one()
            assert (job.state, job.next_page) == (RecognitionState.QUEUED, 25)
        again = ReadingQueue(desk)
        assert read_everything(desk, again) == 2
        again.close()
        with desk.read() as session:
            pages = session.scalars(
                select(MaterialPageText.page).where(MaterialPageText.material_id == key).order_by(MaterialPageText.page)
            ).all()
            assert session.scalars(select(RecognitionJob.state)).one() is RecognitionState.DONE
        assert list(pages) == list(range(PAGES))
        for path in folder.rglob("*"):
            if path.is_file():
                assert MARKER.encode() not in path.read_bytes(), path
    finally:
        desk.close()
