"""Whom the tour serves: people who do not exist, with numbers that pass every check."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from lian_desk.models.vocabulary import Sex
from lian_desk.services.demo.names import identity_number

#: Serials that the demonstration does not reach.
_SERIAL: Final = 377
_AREA: Final = "320102"


@dataclass(frozen=True)
class Customer:
    """An insured person as the tour types them.

    Attributes:
        name: in clear; ``masked`` is what lists show.
        policy_number, effective_on: of the policy.
        search: initials that find the person.
        guardian, guardian_number: of a minor, empty otherwise.
    """

    name: str
    masked: str
    born_on: date
    sex: Sex
    phone: str
    policy_number: str
    effective_on: str
    search: str
    guardian: str = ""
    guardian_number: str = ""

    @property
    def identity_number(self) -> str:
        """A valid number that belongs to nobody."""
        return identity_number(_AREA, self.born_on, self.sex, _SERIAL)


ADULT: Final = Customer(
    name="令狐静姝",
    masked="令狐*姝",
    born_on=date(1974, 5, 16),
    sex=Sex.FEMALE,
    phone="13800006620",
    policy_number="8899000312001",
    effective_on="2024-03-01",
    search="lhjs",
)
MINOR: Final = Customer(
    name="尉迟乐乐",
    masked="尉迟*乐",
    born_on=date(2015, 6, 1),
    sex=Sex.MALE,
    phone="13800006631",
    policy_number="8899000312002",
    effective_on="2025-06-01",
    search="ycll",
    guardian="尉迟建国",
    guardian_number=identity_number(_AREA, date(1986, 2, 9), Sex.MALE, _SERIAL),
)
#: As long as a name may be, with a rare character: every place that shows a name has to bear it.
LONG: Final = Customer(
    name="阿卜杜热西提·买买提吐尔逊·𬭎" + "·迪丽努尔" * 6,
    masked="",
    born_on=date(1962, 11, 3),
    sex=Sex.MALE,
    phone="13800006642",
    policy_number="8899000312003",
    effective_on="2023-10-01",
    search="abdrxt",
)
