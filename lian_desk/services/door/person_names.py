"""Names and identity numbers of people on papers, and whether they are the insured's (R1).

A difference is never passed over in silence: one that recognition may have made, or a changed name, asks a person to
look; one that it cannot have made stops the material.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from lian_desk.models.rules.identity_number import check_character
from lian_desk.models.vocabulary import FindingField, FindingMatch, NameAnswer
from lian_desk.services.door.labelled import Labelled, Wanted
from lian_desk.services.door.latin_names import is_latin, reads_as
from lian_desk.services.door.likely_names import has_no_name_part, looks_like_name, without_next_label
from lian_desk.services.door.roles import named_by_another
from lian_desk.services.names.surnames import COMPOUND_SURNAMES
from lian_desk.services.recognition.folding import alike, differences, squeezed
from lian_desk.services.recognition.page_words import WordLine

_DOTS: Final = re.compile("[\u2022\u30fb\u2027\u2219\u22c5\u25cf\uff0e.]")
_HAN_NAME: Final = re.compile(r"^[\u3400-\u9fff\U00020000-\U000323af]{2,4}$")
_DOTTED_NAME: Final = re.compile(r"^[\u3400-\u9fff]{1,12}(?:·[\u3400-\u9fff]{1,12})+$")
_LATIN_NAME: Final = re.compile(r"^[A-Za-z][A-Za-z'\-]+(?: [A-Za-z][A-Za-z'\-]*)+$")
_TAIL: Final = re.compile(r"(?:先生|女士|小姐|同志|性别.*|男|女)$")
_TITLE: Final = re.compile(r"[（(【].*$|(?:副?主任|主治|住院|主管)?(?:医师|医生|技师|检验师|教授).*$")
_IN_LETTERS: Final = re.compile(r"^([A-Za-z'\-]+),\s*([A-Za-z])")
"""A surname in letters set apart by a comma."""
_PARTS: Final = re.compile(r"[\s|丨/,，、;；()（）]+")
_HIDDEN: Final = re.compile(r"[*■＊×xX某]")
_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[0-9OoIl|SBZ]{17}[0-9OoIlXx×|SBZ](?![0-9A-Za-z])")
_DIGIT_SLIPS: Final = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})
_BODY: Final = 17
_FEW_DIGITS: Final = 2
_CERTAIN: Final = 0.6
"""Confidence below which another name is looked at, not stopped."""
_CLEAR: Final = 0.9
"""Confidence of a recognised line from which one character that looks quite different is believed: another person."""
_EXACT: Final = 1.0
"""Confidence of the words that a document holds itself."""
_SIGNATURE: Final = 0.6
"""Weight of a label below which a name may be somebody who signed for the insured."""
_COMMON_PLANE: Final = range(0x4E00, 0x9FA6)
"""Characters that recognition was made for; rarer ones it reads as others."""
_NOT_NAMES: Final = frozenset({"医院", "科室", "日期", "签名", "性别", "年龄", "本人", "患者", "家属"})


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A name or number with how sure it is (0 to 1), what stands there, and where (upright)."""

    value: str
    confidence: float
    seen: str
    line: WordLine
    weight: float = 1.0
    label: str = "姓名"

    @property
    def is_labelled(self) -> bool:
        """Whether a label says what the value is; without one, its place does."""
        return bool(self.label)


@dataclass(frozen=True, slots=True)
class WhoseFile:
    """Whom the file belongs to: name, identity number, earlier names, and guardians who may sign.

    ``born_on`` None: not known, nothing is compared. ``visit_numbers``: under which hospitals know the insured, as they
    stand on papers that a person confirmed as the insured's.
    """

    name: str
    identity_number: str
    earlier_names: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()
    guardian_numbers: tuple[str, ...] = ()
    born_on: date | None = None
    visit_numbers: frozenset[str] = frozenset()


def patient_name(values: Sequence[Labelled]) -> PersonFound | None:
    """Return the name behind the surest label."""
    return max(names_of(values, Wanted.NAME), key=lambda found: found.confidence, default=None)


def doctor_name(values: Sequence[Labelled]) -> PersonFound | None:
    """Return the doctor behind the surest label, without a title."""
    return max(names_of(values, Wanted.DOCTOR), key=lambda found: found.confidence, default=None)


def names_of(values: Sequence[Labelled], wanted: Wanted) -> list[PersonFound]:
    """Return every readable name behind labels of one kind."""
    found: list[PersonFound] = []
    for value in values:
        if value.wanted is not wanted:
            continue
        names = [clean_name(value.text)] if wanted is Wanted.DOCTOR else names_in(value.text)
        for name, likely in names:
            if name:
                sure = value.weight * likely * value.line.confidence
                found.append(PersonFound(name, sure, value.text, value.line, value.weight, value.label))
    return found


def names_in(text: str) -> list[tuple[str, float]]:
    """Return the patients that a value names, each as :func:`clean_name` does.

    王淑兰之女 is another person than her mother, and behind one name others may follow (王淑兰、李建国).
    """
    plain = _DOTS.sub("·", unicodedata.normalize("NFKC", text)).strip(" :;,，。、·_-—|/")
    another = named_by_another(plain)
    if another:
        return [(squeezed(another), 0.95)]
    first, *rest = [part for part in _PARTS.split(plain) if part] or [""]
    further = takewhile(looks_like_name, rest) if len(first) > 1 and not is_latin(first) else ()
    return [clean_name(text), *((squeezed(name), 1.0) for name in further)]


def clean_name(text: str) -> tuple[str, float]:
    """Return the name in a value and how likely it is one (0 to 1); empty when there is none.

    What is blackened or starred stays as it is: it is a name, only not a legible one.
    """
    name = _DOTS.sub("·", unicodedata.normalize("NFKC", text)).strip(" :;,，。、·_-—|/()（）[]【】")
    name = without_next_label(_IN_LETTERS.sub(r"\1 \2", name.replace("^", " ").strip()))
    name = _TITLE.sub("", name).strip(" ,，:")
    name = re.split(r"[|丨/,，、;]", name)[0].strip()
    if not _LATIN_NAME.match(name):
        name = _joined(name)
    shortened = _TAIL.sub("", name)
    # 王胜男 is a name, 王淑兰男 a name and a sex
    is_whole = name[-1:] in {"男", "女"} and len(name) <= (4 if name[:2] in COMPOUND_SURNAMES else 3)
    name = shortened if len(shortened) >= 2 and not is_whole else name  # noqa: PLR2004 - a surname and a given name
    if not name or name in _NOT_NAMES:
        return "", 0.0
    if _HAN_NAME.match(name):
        if has_no_name_part(name[1:]) and not looks_like_name(name):
            return "", 0.0
        is_long = len(name) == 4 and name[:2] not in COMPOUND_SURNAMES  # noqa: PLR2004 - characters of a long name
        return name, 0.85 if is_long else 1.0
    if _DOTTED_NAME.match(name) or _LATIN_NAME.match(name):
        return name, 0.95
    if _HIDDEN.search(name) and len(name) <= 6:  # noqa: PLR2004
        return name, 0.5
    is_none = len(name) > 8 or any(char.isdigit() for char in name) or has_no_name_part(name)  # noqa: PLR2004
    return ("", 0.0) if is_none else (name, 0.3)


def _joined(name: str) -> str:
    """Characters set apart (王 小 明) belong together; a second word behind a whole name does not."""
    parts = name.split()
    if not parts:
        return ""
    return "".join(parts) if all(len(part) == 1 for part in parts) or len(parts[0]) == 1 else parts[0]


def identity_numbers(values: Sequence[Labelled], upright: Sequence[WordLine]) -> list[PersonFound]:
    """Return every number of 18 places, the surest first: a right check character and a label make it sure."""
    found: dict[str, PersonFound] = {}
    labelled = [(value.text, value.line, value.weight) for value in values if value.wanted is Wanted.IDENTITY_NUMBER]
    for text, line, weight in (*labelled, *((line.text, line, 0.7) for line in upright)):
        for number in _numbers_in(text):
            sure = weight * line.confidence * (1.0 if is_sound(number) else 0.5)
            if number not in found or found[number].confidence < sure:
                found[number] = PersonFound(number, sure, text, line, weight)
    return sorted(found.values(), key=lambda person: person.confidence, reverse=True)


def _numbers_in(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    solid = re.sub(r"(?<=[0-9A-Za-z])[ \-.](?=[0-9A-Za-z])", "", plain)
    return [
        match[0][:_BODY].translate(_DIGIT_SLIPS) + match[0][_BODY].translate(_DIGIT_SLIPS).upper().replace("×", "X")
        for match in _NUMBER.finditer(solid)
    ]


def is_sound(number: str) -> bool:
    """Tell whether the check character of an identity number is right."""
    return number[:_BODY].isdigit() and check_character(number[:_BODY]) == number[_BODY]


def compare_name(found: PersonFound, whose: WhoseFile) -> FindingMatch:
    """Compare a name on a paper with the insured's; a name borne before is the insured's too.

    A document's own text has no slips of reading: there every difference is another name. Behind the label of a
    signature anybody may stand, so that a person looks whatever the name. Latin letters that read like the name are
    no proof, for many names read alike.
    """
    seen, own = squeezed(found.value), squeezed(whose.name)
    is_own = seen in {own, *(squeezed(name) for name in whose.earlier_names)}
    if found.weight < _SIGNATURE:
        return FindingMatch.NEEDS_LOOK
    if is_own:
        return FindingMatch.SAME
    has_sex = seen[:-1] == own and seen[-1:] in {"男", "女"}
    if has_sex or any(seen == squeezed(name) for name in whose.guardians) or _HIDDEN.search(found.value):
        return FindingMatch.NEEDS_LOOK
    if is_latin(found.value) and any(reads_as(found.value, name) for name in own_names(whose)):
        return FindingMatch.NEEDS_LOOK
    if found.confidence < _CERTAIN or any(_may_be(seen, squeezed(name), found) for name in own_names(whose)):
        return FindingMatch.NEEDS_LOOK
    return FindingMatch.OTHER


def own_names(whose: WhoseFile) -> tuple[str, ...]:
    """Return the present name and those borne before."""
    return (whose.name, *whose.earlier_names)


def is_illegible(value: str, confidence: float) -> bool:
    """Tell whether a name was seen but not read: blackened, starred, or hardly recognised."""
    return _HIDDEN.search(value) is not None or confidence < _CERTAIN


def whose_name(seen: Iterable[tuple[FindingField, FindingMatch | None, str, float]]) -> NameAnswer:
    """Return whose name stands on a paper, from field, match, value and confidence of what was read on it (R1).

    Another person's name or number outweighs everything; without a legible name nobody's was seen, nor with one in
    letters that read like the insured's.
    """
    answer = NameAnswer.UNSEEN
    for field, match, value, confidence in seen:
        if match is FindingMatch.OTHER:
            return NameAnswer.OTHER
        if field is FindingField.NAME and match is FindingMatch.SAME:
            answer = NameAnswer.INSURED
        elif field is FindingField.NAME and not is_illegible(value, confidence) and not is_latin(value):
            answer = NameAnswer.OTHER
    return answer


def _may_be(seen: str, own: str, found: PersonFound) -> bool:
    """Tell whether recognition may have made ``seen`` of ``own``: look-alikes, a slip, or characters it does not know."""
    if len(seen) == len(own):
        strange = [other for one, other in zip(seen, own, strict=True) if not alike(one, other)]
        if all(_is_rare(char) for char in strange):
            return True
        return len(strange) == 1 and found.line.confidence < _CLEAR
    if found.line.confidence >= _EXACT:
        return False
    legible = [char for char in own if not _is_rare(char)]
    if len(legible) < len(own) and all(char in seen for char in legible):
        return True
    return differences(seen, own) <= 1


def _is_rare(char: str) -> bool:
    return ord(char) not in _COMMON_PLANE


def compare_number(found: PersonFound, whose: WhoseFile) -> FindingMatch:
    """Compare an identity number on a paper with the insured's; an unsound one may only be ill read."""
    if found.value == whose.identity_number:
        return FindingMatch.SAME
    is_guardian = found.value in whose.guardian_numbers
    slips = differences(found.value, whose.identity_number)
    if is_guardian or not is_sound(found.value) or slips <= _FEW_DIGITS:
        return FindingMatch.NEEDS_LOOK
    return FindingMatch.OTHER


def weigh(name: FindingMatch | None, numbers: Iterable[FindingMatch]) -> FindingMatch | None:
    """Return what a name means beside the numbers of the same paper.

    The insured's own number under another name is a changed or misread name; another person's number under the
    insured's name is a namesake, which the number itself stops.
    """
    if name is FindingMatch.OTHER and FindingMatch.SAME in tuple(numbers):
        return FindingMatch.NEEDS_LOOK
    return name
