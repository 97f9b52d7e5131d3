"""Run by the test: takes files in until it is killed; says each acknowledged checksum on standard output."""

import sys
from datetime import datetime
from pathlib import Path

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.desk.desk import Desk
from lian_desk.services.materials.intake import MaterialIntake
from lian_desk.services.materials.intake_sources import IntakeItem
from lian_desk.services.workspace.workspace import open_workspace
from tests.material_corpus import pdf


def main() -> None:
    folder, file_id, start = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    moment = datetime(2026, 9, 28, 11, 0, tzinfo=SHANGHAI)
    desk = Desk(open_workspace(folder, by_throw_away_key(), moment), FixedClock(moment))
    intake = MaterialIntake(desk, file_id, MaterialSource.BUTTON)
    print("ready", flush=True)
    for number in range(start, start + 10_000):
        result = intake.take_in(IntakeItem(f"{number}.pdf", pdf(1, text=f"paper {number} " + "x" * 2000)))
        print(result.material_id, flush=True)


if __name__ == "__main__":
    main()
