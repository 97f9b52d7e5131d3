"""PDF pages made on purpose: each hides what stands on it in its own way from whoever believes only a page's text."""

import io
from collections.abc import Callable
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lian_desk.adapters.machine.resources import resource_path

NAME: Final = "王淑兰"
NUMBER: Final = "320102197401011451"
PHONE: Final = "13812346620"
ADDRESS: Final = "南京市鼓楼区中山路18号3幢502室"
FOOTER: Final = "本文件由样例互联网医院平台生成，仅供患者本人就医使用，打印日期 2026-09-25 10:00，第1页共1页"
RECORD: Final = (
    "样例市第一人民医院门诊病历",
    f"姓名：{NAME}　性别：女　年龄：52岁",
    f"身份证号：{NUMBER}",
    f"联系电话：{PHONE}",
    f"家庭住址：{ADDRESS}",
    "科室：消化内科　就诊日期：2026-09-20",
    "主诉：反复上腹痛3月",
    "诊断：胃炎待查",
)
SECRETS: Final = (NAME, NUMBER, PHONE, "中山路", "502室")
_SIZE: Final = (595, 842)
_FONT: Final = "Purpose"


def _font_file() -> str:
    return str(resource_path("fonts", "NotoSansSC-Regular.ttf"))


def canvas(draw: Callable[[Any], None]) -> bytes:
    """Return a PDF of one A4 page on which ``draw`` drew."""
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, _font_file()))
    target = io.BytesIO()
    paper = Canvas(target, pagesize=_SIZE, invariant=1)
    paper.setFont(_FONT, 13)
    draw(paper)
    paper.showPage()
    paper.save()
    return target.getvalue()


def written(lines: tuple[str, ...] = RECORD, *, top: float = 760, step: float = 34) -> bytes:
    """An ordinary page: all its words are text."""
    return canvas(lambda paper: write(paper, lines, top=top, step=step))


def write(paper: Any, lines: tuple[str, ...], *, top: float = 760, step: float = 34, size: float = 13) -> None:
    """Write lines from the top."""
    paper.setFont(_FONT, size)
    for place, line in enumerate(lines):
        paper.drawString(60, top - place * step, line)


def picture(lines: tuple[str, ...] = RECORD, *, scale: float = 2.0) -> Image.Image:
    """Return the same page as a clean scan."""
    page = Image.new("RGB", (round(_SIZE[0] * scale), round(_SIZE[1] * scale)), "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(_font_file(), round(13 * scale))
    for place, line in enumerate(lines):
        pen.text((60 * scale, (70 + place * 34) * scale), line, fill=(20, 20, 20), font=font)
    return page


def scan_with_footer(*, layer: str = "", layer_mode: int = 3) -> bytes:
    """A scan below a printed footer; ``layer``: text that a scanner laid over or under it, by default unseen."""

    def draw(paper: Any) -> None:
        if layer and layer_mode != 3:
            write(paper, (layer,) * 6)
        paper.drawImage(ImageReader(picture()), 0, 0, *_SIZE)
        if layer and layer_mode == 3:
            text = paper.beginText(60, 760)
            text.setFont(_FONT, 13)
            text.setTextRenderMode(3)
            for _line in range(6):
                text.textLine(layer)
            text.setTextRenderMode(0)
            paper.drawText(text)
        paper.setFont(_FONT, 8)
        paper.drawString(60, 40, FOOTER)

    return canvas(draw)


def outlined() -> bytes:
    """A page whose letters are curves: no text object at all beside the footer."""
    from fontTools.pens.basePen import BasePen
    from fontTools.ttLib import TTFont as Outlines

    font = Outlines(_font_file())
    glyphs, names, units = font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm

    class Pen(BasePen):
        def __init__(self, path: Any, x: float, y: float, scale: float) -> None:
            super().__init__(glyphs)
            self.path, self.x, self.y, self.scale = path, x, y, scale

        def at(self, point: tuple[float, float]) -> tuple[float, float]:
            return self.x + point[0] * self.scale, self.y + point[1] * self.scale

        def _moveTo(self, point: tuple[float, float]) -> None:
            self.path.moveTo(*self.at(point))

        def _lineTo(self, point: tuple[float, float]) -> None:
            self.path.lineTo(*self.at(point))

        def _curveToOne(self, one: tuple[float, float], two: tuple[float, float], end: tuple[float, float]) -> None:
            self.path.curveTo(*self.at(one), *self.at(two), *self.at(end))

        def _closePath(self) -> None:
            self.path.close()

    def draw(paper: Any) -> None:
        for place, line in enumerate(RECORD):
            x = 60.0
            for char in line:
                name = names.get(ord(char), ".notdef")
                path = paper.beginPath()
                glyphs[name].draw(Pen(path, x, 760 - place * 34, 13 / units))
                paper.drawPath(path, stroke=0, fill=1)
                x += glyphs[name].width * 13 / units
        paper.setFont(_FONT, 8)
        paper.drawString(60, 40, FOOTER)

    return canvas(draw)


FIELD_KINDS: Final = ("text", "lines", "comb", "choice", "list", "note")


def form(kind: str) -> bytes:
    """A printed form with the number of a person in a field of a kind; the fields of forms know no Chinese here."""
    frame: dict[str, Any] = {"x": 200, "y": 690, "width": 300, "height": 24, "borderWidth": 1}

    def draw(paper: Any) -> None:
        write(
            paper,
            (
                "样例市第一人民医院就诊登记表，由患者本人在线填写",
                "身份证号：",
                "以上内容由患者本人填写，医院审核后有效",
            ),
            step=62,
        )
        forms = paper.acroForm
        if kind == "choice":
            forms.choice(value=NUMBER, options=[NUMBER, "000"], name="number", **frame)
        elif kind == "list":
            forms.listbox(value=NUMBER, options=[NUMBER, "000"], name="number", **frame | {"height": 40})
        elif kind == "note":
            paper.freeTextAnnotation(NUMBER, DA="/Helv 12 Tf 0 g", Rect=(200, 690, 500, 714))
        else:
            flags = {"text": "", "lines": "multiline", "comb": "comb"}[kind]
            forms.textfield(value=NUMBER, name="number", fieldFlags=flags, maxlen=18, fontSize=11, **frame)
        forms.checkbox(name="agreed", checked=True, x=60, y=560, size=12)

    return canvas(draw)


def unseen_words() -> bytes:
    """A page that holds another person's name white, unpainted, beside the page and under a black bar."""

    def draw(paper: Any) -> None:
        write(paper, RECORD)
        paper.setFillColorRGB(1, 1, 1)
        paper.drawString(60, 200, "白字赵铁军")
        paper.setFillColorRGB(0, 0, 0)
        text = paper.beginText(60, 160)
        text.setTextRenderMode(3)
        text.textLine("不画赵铁军")
        text.setTextRenderMode(0)
        paper.drawText(text)
        paper.drawString(60, -60, "页外赵铁军")

    return canvas(draw)


def turned_words(rotation: int) -> bytes:
    """A page whose words are drawn along another edge, as a landscape form printed on an upright sheet."""

    def draw(paper: Any) -> None:
        paper.translate(297, 421)
        paper.rotate(rotation)
        write(paper, RECORD, top=120, step=30)

    return canvas(draw)


def garbled() -> bytes:
    """A page whose letters are drawn well while its table of characters names private ones."""
    import re

    def senseless(match: "re.Match[bytes]") -> bytes:
        return b"<%s> <E%s>" % (match.group(1), match.group(2)[1:])

    good = canvas(lambda paper: (paper.setPageCompression(0), write(paper, RECORD)))
    return re.sub(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>", senseless, good)


def with_signature() -> bytes:
    """An ordinary page with a signature drawn by hand: curves, no letters."""

    def draw(paper: Any) -> None:
        write(paper, RECORD)
        path = paper.beginPath()
        path.moveTo(360, 180)
        for step in range(9):
            x = 360 + 14 * step
            path.curveTo(x + 4, 210 - 3 * step, x + 9, 150 + 5 * step, x + 14, 182)
        paper.setLineWidth(1.4)
        paper.drawPath(path)

    return canvas(draw)


def with_stamp() -> bytes:
    """An ordinary page with a red seal."""

    def draw(paper: Any) -> None:
        write(paper, RECORD)
        paper.setStrokeColorRGB(0.8, 0.1, 0.1)
        paper.setLineWidth(2.5)
        paper.circle(430, 180, 48)
        paper.circle(430, 180, 12)

    return canvas(draw)


def with_code() -> bytes:
    """An ordinary page with a code of black and white squares."""
    from random import Random

    def draw(paper: Any) -> None:
        write(paper, RECORD)
        dice = Random(7)
        for row in range(25):
            for column in range(25):
                if dice.random() < 0.5:
                    paper.rect(420 + 3 * column, 120 + 3 * row, 3, 3, stroke=0, fill=1)

    return canvas(draw)


def with_photograph() -> bytes:
    """An ordinary page with a photograph."""

    def draw(paper: Any) -> None:
        write(paper, RECORD)
        noise = Image.effect_noise((160, 200), 90)
        paper.drawImage(ImageReader(noise.convert("RGB")), 420, 120, 90, 110)

    return canvas(draw)


def tabled() -> bytes:
    """An ordinary page with a table: rules, tinted heads, boxes to be ticked; every word of it text."""

    def draw(paper: Any) -> None:
        write(paper, RECORD[:6])
        paper.setFillColorRGB(0.85, 0.9, 1)
        paper.rect(60, 470, 460, 24, stroke=0, fill=1)
        paper.setFillColorRGB(0, 0, 0)
        for row in range(6):
            paper.line(60, 494 - 24 * row, 520, 494 - 24 * row)
        for x in (60, 200, 320, 420, 520):
            paper.line(x, 494, x, 374)
        for place, words in enumerate(("项目", "结果", "单位", "参考区间")):
            paper.drawString((70, 210, 330, 430)[place], 477, words)
        for row in range(4):
            paper.drawString(70, 453 - 24 * row, f"白细胞计数 {row}")
            paper.drawString(210, 453 - 24 * row, "6.82")
        for place in range(3):
            paper.rect(60 + 90 * place, 320, 10, 10)
            paper.drawString(76 + 90 * place, 321, "已告知")

    return canvas(draw)
