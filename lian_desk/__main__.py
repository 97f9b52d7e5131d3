"""``python -m lian_desk`` and the script ``lian-desk``."""

import sys

from lian_desk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
