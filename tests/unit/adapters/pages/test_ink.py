"""Ink on a page: strokes are found at any contrast; rules, frames, grounds and the edge of a sheet are none."""

from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.pages import ink

SIZE = (827, 1169)
FONT = str(resource_path("fonts", "NotoSansSC-Regular.ttf"))


def page(ground: str | tuple[int, int, int] = "white") -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", SIZE, ground)
    return picture, ImageDraw.Draw(picture)


def found(picture: Image.Image) -> list[ink.Blot]:
    return ink.blots(ink.without_rules(ink.ink_of(picture)))


@pytest.mark.parametrize("pixels", [7, 9, 12, 16, 24, 40])
@pytest.mark.parametrize(
    ("ground", "colour"),
    [
        ("white", "black"),
        ("white", (205, 205, 205)),
        ("white", (200, 30, 30)),
        ("white", (255, 240, 60)),
        ((20, 60, 140), "white"),
        ((150, 150, 150), "white"),
    ],
)
def test_a_name_is_ink_in_any_colour_and_size(
    pixels: int, ground: str | tuple[int, int, int], colour: str | tuple[int, int, int]
) -> None:
    picture, pen = page(ground)
    pen.text((300, 500), "王淑兰", fill=colour, font=ImageFont.truetype(FONT, pixels))
    blots = found(picture)
    assert blots
    left, right = min(blot.left for blot in blots), max(blot.left + blot.width for blot in blots)
    assert left * SIZE[0] == pytest.approx(300, abs=8)
    assert right * SIZE[0] == pytest.approx(300 + 3 * pixels, abs=10)


def test_one_letter_alone_in_a_box_of_a_comb_is_ink() -> None:
    picture, pen = page()
    for place, letter in enumerate("王淑兰"):
        x = 300 + 22 * place
        pen.rectangle((x, 500, x + 20, 520), outline="black")
        pen.text((x + 4, 498), letter, fill="black", font=ImageFont.truetype(FONT, 13))
    assert found(picture)


def test_rules_frames_grounds_and_edges_are_no_writing() -> None:
    picture, pen = page()
    for row in range(8):
        pen.line((80, 100 + 40 * row, 740, 100 + 40 * row), fill="black", width=2)
        pen.line((80 + 90 * row, 100, 80 + 90 * row, 380), fill=(120, 120, 120))
    pen.line((80, 600, 740, 640), fill="black", width=2)
    pen.rectangle((80, 700, 94, 714), outline="black")
    pen.rectangle((120, 700, 128, 708), outline="black")
    pen.rectangle((80, 800, 740, 860), fill=(220, 232, 255))
    pen.rectangle((80, 900, 300, 1000), fill="black")
    assert found(picture) == []


def test_the_grain_and_the_edge_of_a_photographed_sheet_are_no_writing_but_a_name_on_it_is() -> None:
    dice = Random(3)
    picture = Image.new("RGB", SIZE, (70, 50, 40))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(40, 60), (780, 20), (800, 1120), (30, 1140)], fill=(225, 220, 210))
    grain = Image.frombytes("L", SIZE, bytes(dice.randrange(256) for _pixel in range(SIZE[0] * SIZE[1])))
    rough = Image.blend(picture, Image.merge("RGB", (grain,) * 3), 0.06)
    assert found(rough) == []
    ImageDraw.Draw(rough).text((300, 500), "王淑兰", fill=(60, 60, 70), font=ImageFont.truetype(FONT, 18))
    (blot,) = found(rough)
    assert blot.left * SIZE[0] == pytest.approx(300, abs=10)


@pytest.mark.parametrize("cell", [3, 4, 6])
def test_a_code_or_a_photograph_that_fills_its_place_is_ink(cell: int) -> None:
    dice = Random(5)
    picture, pen = page()
    for row in range(60):
        for column in range(60):
            if dice.random() < 0.5:
                x, y = 200 + cell * column, 300 + cell * row
                pen.rectangle((x, y, x + cell - 1, y + cell - 1), fill="black")
    assert sum(blot.width * blot.height for blot in found(picture)) > 0.01
    photograph = Image.new("RGB", SIZE, "white")
    photograph.paste(Image.effect_noise((300, 400), 90).convert("RGB"), (200, 300))
    assert found(photograph)


def test_what_lies_in_known_boxes_is_explained_and_the_rest_is_not() -> None:
    picture, pen = page()
    font = ImageFont.truetype(FONT, 16)
    pen.text((100, 100), "姓名", fill="black", font=font)
    pen.text((400, 100), "王淑兰", fill="black", font=font)
    bare = ink.without_rules(ink.ink_of(picture))
    known = (100 / SIZE[0], 100 / SIZE[1], 34 / SIZE[0], 24 / SIZE[1])
    (blot,) = ink.blots(ink.without_boxes(bare, [known], 0.3))
    assert blot.left * SIZE[0] == pytest.approx(400, abs=6)


def test_a_tick_belongs_to_its_box_but_a_large_field_keeps_its_words() -> None:
    picture, pen = page()
    pen.line((304, 507, 308, 512, 314, 502), fill="black", width=2)
    pen.text((400, 500), "王淑兰", fill="black", font=ImageFont.truetype(FONT, 14))
    bare = ink.ink_of(picture)
    small = (300 / SIZE[0], 498 / SIZE[1], 18 / SIZE[0], 18 / SIZE[1])
    large = (390 / SIZE[0], 490 / SIZE[1], 80 / SIZE[0], 40 / SIZE[1])
    (blot,) = ink.blots(ink.without_ticks(bare, [small, large]))
    assert blot.left * SIZE[0] == pytest.approx(400, abs=6)


def test_specks_are_no_letters_and_do_not_stop_anything() -> None:
    picture, pen = page()
    for place in range(40):
        x, y = 20 + 19 * place, 30 + 27 * place
        pen.rectangle((x, y, x + place % 3, y + place % 2), fill="black")
    assert found(picture) == []
