"""Draw and sign one paper: the piece of a batch that runs in a process of its own. Knows no desk and no database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lian_desk.adapters.drawing.paper_signature import can_sign, sign
from lian_desk.adapters.paper_forms.drawing import draw

if TYPE_CHECKING:
    from lian_desk.adapters.drawing.paper_signature import WorkstationSigner
    from lian_desk.adapters.drawing.printing import DrawnDocument
    from lian_desk.adapters.paper_forms.drawing import DocumentView


@dataclass(frozen=True, slots=True)
class PressedPaper:
    """A finished paper: the bytes that are frozen, the same without the signature, and the facts of the frozen ones."""

    content: bytes
    unsigned: bytes
    drawn: DrawnDocument
    is_signed: bool


def press_paper(view: DocumentView, signer: WorkstationSigner | None) -> PressedPaper:
    """Draw the paper of `view`; sign it where a signer is given and the extra is installed."""
    unsigned, drawn = draw(view)
    if signer is None or not can_sign():
        return PressedPaper(unsigned, unsigned, drawn, is_signed=False)
    content = sign(unsigned, signer, view.stamp.issued_at)
    written = replace(drawn, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    return PressedPaper(content, unsigned, written, is_signed=True)
