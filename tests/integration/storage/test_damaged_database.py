"""A damaged database and the command line: a sentence each time, what can still be read, never a traceback."""

import atexit
import itertools
import json
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from lian_desk.adapters.database.salvage import OTHER, readable_records
from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.adapters.machine.environment_problems import is_damage
from lian_desk.cli.exit_codes import DONE, PROBLEM, REFUSED
from lian_desk.cli.main import main
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.services.workspace.workspace import open_workspace
from tests import material_corpus as corpus
from tests.desk_fixture import CASE_MANAGER, MONDAY, as_operator, template
from tests.desk_world import World

Capture = pytest.CaptureFixture[str]
PAGE = 4096
SENTENCE = "lian-desk: 数据库文件已损坏"
FILES = 12
NUMBER = "A-26-01-00001"


@cache
def used() -> Path:
    """A workspace with files, a booked request, a material on the disk and a backup, closed; copy it, never open it."""
    parent = Path(tempfile.mkdtemp(prefix="desk-damaged-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    folder = parent / "workspace"
    shutil.copytree(template(), folder)
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    clock = FixedClock(MONDAY)
    desk = Desk(opened, clock, staff_number=CASE_MANAGER)
    world = World(desk, as_operator(desk, "002"), clock)
    files = [world.open_file() for _ in range(FILES)]
    intake = MaterialIntake(desk, files[0], MaterialSource.BUTTON)
    intake.take_in(IntakeItem("a.pdf", corpus.pdf()))
    intake.close()
    opened.backup(MONDAY)
    desk.close()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "workspace"
    shutil.copytree(used(), copy)
    return copy


def pages_of(content: bytes) -> int:
    return len(content) // PAGE


def flip(content: bytearray, share: float) -> bytes:
    place = PAGE + int((len(content) - 2 * PAGE) * share)
    content[place] ^= 1 << (place % 8)
    return bytes(content)


def zero(content: bytearray, share: float) -> bytes:
    page = 1 + int((pages_of(content) - 2) * share)
    content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    return bytes(content)


def cut(content: bytearray, share: float) -> bytes:
    return bytes(content[: PAGE * max(2, int(pages_of(content) * share))])


def swap(content: bytearray, share: float) -> bytes:
    first = 1 + int((pages_of(content) - 4) * share)
    a, b = first * PAGE, (first + 2) * PAGE
    content[a : a + PAGE], content[b : b + PAGE] = content[b : b + PAGE], content[a : a + PAGE]
    return bytes(content)


def first_page(content: bytearray, share: float) -> bytes:
    content[16 + int(4000 * share)] ^= 1
    return bytes(content)


Damage = Callable[[bytearray, float], bytes]
DAMAGES: tuple[Damage, ...] = (flip, zero, cut, swap, first_page)
SHARES = (0.0, 0.17, 0.41, 0.68, 0.93, 0.999)
ALL = [(damage, share) for damage, share in itertools.product(DAMAGES, SHARES)]


def spoil(folder: Path, damage: Damage, share: float) -> bytes:
    database = folder / "desk.sqlite3"
    spoilt = damage(bytearray(database.read_bytes()), share)
    database.write_bytes(spoilt)
    return spoilt


@pytest.mark.parametrize(("damage", "share"), ALL, ids=[f"{damage.__name__}-{share}" for damage, share in ALL])
def test_check_says_a_sentence_what_is_readable_and_ends_with_four(
    folder: Path, capsys: Capture, damage: Damage, share: float
) -> None:
    spoilt = spoil(folder, damage, share)
    assert main(["check", "--workspace", str(folder)]) == PROBLEM
    out, err = capsys.readouterr()
    assert err.strip().splitlines()[-1].startswith(SENTENCE)
    assert "Traceback" not in out + err
    assert "仍可读出：" in out
    assert "服务档案：" in out
    assert "最近的完好备份：desk-" in out
    # looking changes nothing
    assert (folder / "desk.sqlite3").read_bytes() == spoilt


@pytest.mark.parametrize("share", SHARES)
def test_after_an_unclean_end_too(folder: Path, capsys: Capture, share: float) -> None:
    spoil(folder, zero, share)
    (folder / "closed-cleanly").unlink()
    assert main(["check", "--workspace", str(folder), "--json"]) == PROBLEM
    out, err = capsys.readouterr()
    assert SENTENCE in err
    facts = json.loads(out)
    assert not facts["sound"]
    assert facts["damaged_database"]["newest_sound_backup"].startswith("desk-")
    records = {line["records"] for line in facts["damaged_database"]["readable"]}
    assert len(records) == 12


def ask(command: str, folder: Path, target: Path) -> list[str]:
    """The words of a command that works on the undamaged workspace."""
    paper = target / "x.pdf"
    paper.write_bytes(corpus.pdf())
    place = ["--workspace", str(folder)]
    return {
        "export-summary": ["export-summary", "--file", NUMBER, "--out", str(target / "s.pdf"), *place],
        "export-paper": ["export-paper", "entitlement_statement", "--file", NUMBER, "--out", str(target), *place],
        "verify": ["verify", str(paper), *place],
        "rules": [
            "rules",
            "deadlines",
            "--service",
            "outpatient_coordination",
            "--confirmed",
            "2026-09-28T10:00",
            *place,
        ],
    }[command]


COMMANDS = {"export-summary": DONE, "export-paper": DONE, "verify": REFUSED, "rules": DONE}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_other_command_works_on_the_sound_workspace(
    folder: Path, tmp_path: Path, capsys: Capture, command: str
) -> None:
    assert main(ask(command, folder, tmp_path)) == COMMANDS[command], capsys.readouterr()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("share", [0.0, 0.41, 0.93])
@pytest.mark.parametrize("damage", [zero, cut, first_page])
def test_every_other_command_says_a_sentence(
    folder: Path, tmp_path: Path, capsys: Capture, command: str, damage: Damage, share: float
) -> None:
    """What it does not need it does not read: then it answers as ever."""
    spoil(folder, damage, share)
    code = main(ask(command, folder, tmp_path))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert code in {COMMANDS[command], PROBLEM}
    if code == PROBLEM:
        assert err.strip().splitlines()[-1].startswith(SENTENCE)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_answers_from_a_database_of_which_nothing_is_left(
    folder: Path, tmp_path: Path, capsys: Capture, command: str
) -> None:
    content = (folder / "desk.sqlite3").read_bytes()
    (folder / "desk.sqlite3").write_bytes(content[:PAGE] + bytes(len(content) - PAGE))
    assert main(ask(command, folder, tmp_path)) == PROBLEM
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith(SENTENCE)


ROWS_OF_A_PAGE = 100


def test_of_a_table_cut_by_damage_both_ends_are_read(folder: Path) -> None:
    """One page of a long table is lost; what lies before and behind it is there."""
    opened = open_workspace(folder, by_throw_away_key(), MONDAY)
    key = opened.keys.database
    connection = opened.database.driver_connection()
    (first,) = connection.execute("PRAGMA page_count").fetchone() or (0,)
    for number in range(1_000_000, 1_002_000):
        connection.execute(
            "INSERT INTO number_series (id, series, year, last) VALUES (?, ?, 1, 1)", (number, f"{number}".rjust(60))
        )
    connection.close()
    opened.close()
    database = folder / "desk.sqlite3"
    before = {line.words: line.rows for line in readable_records(database, key)}
    assert all(line.is_whole for line in readable_records(database, key))
    assert before["服务档案"] == FILES
    content = database.read_bytes()
    lost: list[int] = []
    for page in range(int(first) + 8, pages_of(content) - 8, max(1, (pages_of(content) - int(first) - 16) // 6)):
        spoilt = bytearray(content)
        spoilt[page * PAGE + 100] ^= 1
        database.write_bytes(spoilt)
        (other,) = [line for line in readable_records(database, key) if line.words == OTHER]
        lost.append(before[OTHER] - other.rows)
        assert other.is_whole == (lost[-1] == 0)
    # pages of an index lose no row
    assert max(lost) > 0
    assert all(0 <= count <= ROWS_OF_A_PAGE for count in lost), lost


def test_other_errors_are_no_damage() -> None:
    assert not is_damage(ValueError("x"))
    assert not is_damage(PermissionError())
