"""What a form draws by itself is no writing; a letter in a box, a signature and bars that are characters stay ink."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFont

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.pages import form_marks, ink

SIZE = (560, 160)
POINT = 100 / 72
FINE = 4
FONT = str(resource_path("fonts", "NotoSansSC-Regular.ttf"))
PLACE = (60.3, 40.6)


class Pen:
    """Draws in points around a place, softly as PDF viewers do; the page is made small afterwards."""

    def __init__(self, place: tuple[float, float] = PLACE) -> None:
        self.picture = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), "white")
        self.pen = ImageDraw.Draw(self.picture)
        self.place = place

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (self.place[0] + x * POINT) * FINE, (self.place[1] + y * POINT) * FINE

    def wide(self, points: float) -> int:
        return max(1, round(points * POINT * FINE))

    def box(self, side: float, x: float = 0, y: float = 0, *, line: float = 0.8, colour: str = "black") -> None:
        self.pen.rectangle((*self.at(x, y), *self.at(x + side, y + side)), outline=colour, width=self.wide(line))

    def ring(self, side: float, x: float = 0, y: float = 0, *, line: float = 0.8, colour: str = "black") -> None:
        self.pen.ellipse((*self.at(x, y), *self.at(x + side, y + side)), outline=colour, width=self.wide(line))

    def dot(self, side: float, x: float = 0, y: float = 0) -> None:
        self.pen.ellipse((*self.at(x, y), *self.at(x + side, y + side)), fill="black")

    def strokes(self, *points: tuple[float, float], line: float = 1.2) -> None:
        self.pen.line([self.at(*point) for point in points], fill="black", width=self.wide(line), joint="curve")

    def tick(self, side: float, x: float = 0, y: float = 0) -> None:
        self.strokes((x, y + side * 0.55), (x + side * 0.35, y + side * 0.9), (x + side, y + side * 0.1))

    def cross(self, side: float, x: float = 0, y: float = 0) -> None:
        self.strokes((x, y), (x + side, y + side))
        self.strokes((x, y + side), (x + side, y))

    def text(self, words: str, points: float, x: float = 0, y: float = 0) -> None:
        font = ImageFont.truetype(FONT, self.wide(points))
        self.pen.text(self.at(x, y), words, fill="black", font=font, anchor="mm")

    def found(self) -> list[ink.Blot]:
        return ink.blots(ink.without_rules(ink.ink_of(self.picture.resize(SIZE, Image.Resampling.BOX))))


@pytest.mark.parametrize("side", [8, 11, 14, 17, 20])
@pytest.mark.parametrize("line", [0.5, 1.0, 1.5])
def test_empty_circles_and_boxes_to_be_ticked_are_no_writing(side: float, line: float) -> None:
    for draw in (Pen.ring, Pen.box):
        for shift in (0.0, 0.3, 0.7):
            pen = Pen((60 + shift, 40 + shift))
            draw(pen, side, line=line, colour="#505050")
            assert pen.found() == [], (draw, shift)


@pytest.mark.parametrize("side", [10, 12, 14, 16, 20])
def test_what_is_chosen_is_no_writing(side: float) -> None:
    marks: list[Callable[[Pen], None]] = [
        lambda pen: (pen.ring(side), pen.dot(side * 0.4, side * 0.3, side * 0.3))[0],
        lambda pen: (pen.box(side), pen.tick(side * 0.6, side * 0.2, side * 0.2))[0],
        lambda pen: (pen.box(side), pen.cross(side * 0.5, side * 0.25, side * 0.25))[0],
        lambda pen: (pen.box(side), pen.cross(side))[0],
        lambda pen: (pen.ring(side), pen.tick(side * 0.5, side * 0.25, side * 0.25))[0],
    ]
    for number, draw in enumerate(marks):
        pen = Pen()
        draw(pen)
        assert pen.found() == [], number


def test_choices_close_to_each_other_and_lone_ticks_are_no_writing() -> None:
    pen = Pen()
    for number in range(6):
        pen.ring(12, 15 * number)
        pen.box(12, 15 * number, 15)
    pen.dot(5, 3.5, 3.5)
    pen.tick(7, 17.5, 17.5)
    pen.tick(12, 0, 50)
    pen.cross(12, 40, 50)
    assert pen.found() == []


@pytest.mark.parametrize("size", [0.8, 1.2, 1.8, 2.4])
def test_dotted_leaders_and_short_underlines_are_no_writing(size: float) -> None:
    pen = Pen((20, 10))
    for number in range(60):
        pen.dot(size, number * size * 2.2, 0)
    pen.strokes((0, 40), (24, 40), line=size)
    pen.strokes((0, 70), (300, 70), line=size)
    assert pen.found() == []


@pytest.mark.parametrize("letter", list("王二三兰一回国田8A0"))
@pytest.mark.parametrize("side", [14, 18, 20])
def test_a_letter_in_a_box_stays(letter: str, side: float) -> None:
    pen = Pen()
    pen.box(side)
    pen.text(letter, side * 0.75, side / 2, side / 2)
    assert pen.found()


@pytest.mark.parametrize(
    "words", ["王淑兰", "三", "二", "王", "八", "小", "心", "川", "丁三", "138", "Wang", "父", "义"]
)
@pytest.mark.parametrize("points", [8, 11, 16])
def test_words_drawn_as_curves_stay(words: str, points: float) -> None:
    pen = Pen()
    pen.text(words, points)
    assert pen.found()


@pytest.mark.parametrize("letter", list("王男女8"))
def test_a_letter_in_a_circle_stays(letter: str) -> None:
    pen = Pen()
    pen.ring(18)
    pen.text(letter, 11, 9, 9)
    assert pen.found()


def test_a_hand_stays() -> None:
    scrawl = [(0, 0), (4, 10), (9, -4), (12, 11), (16, 2), (22, 8), (30, 3), (44, 6)]
    for points in (scrawl, [(x * 0.4, y * 0.6) for x, y in scrawl], [(0, 4), (3, 0), (7, 6), (11, 0), (14, 5)]):
        pen = Pen()
        pen.strokes(*points, line=1)
        assert pen.found()
    # a signature through a box of choices, and one stroke that is longer than any tick
    pen = Pen()
    pen.box(14)
    pen.strokes(*scrawl, line=1)
    assert pen.found()
    pen = Pen()
    pen.strokes((0, 20), (12, 34), (44, 0))
    assert pen.found()
    # rings that are open, and three rings that are a number
    pen = Pen()
    pen.pen.arc((*pen.at(0, 0), *pen.at(12, 12)), 30, 330, fill="black", width=pen.wide(1))
    assert pen.found()


def test_a_screen_of_dots_is_not_taken_apart_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    plain = form_marks._marks

    def counted(pieces: list[form_marks.Piece]) -> set[form_marks.Pixel]:
        looked_at.append(len(pieces))
        return plain(pieces)

    monkeypatch.setattr(form_marks, "_marks", counted)
    screen = Image.new("L", (600, 600))
    for place in range(60 * 60):
        screen.putpixel((place % 60 * 10 + 3, place // 60 * 10 + 3), 255)
    assert form_marks.without_marks(screen) is screen
    assert looked_at == []
    assert form_marks.without_marks(screen.crop((0, 0, 200, 200))) is not None
    assert looked_at == [400]
