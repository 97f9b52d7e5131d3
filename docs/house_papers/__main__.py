"""Write the generated papers, or compare them.

python -m house_papers            writes what changed and says so
python -m house_papers --check    writes nothing; 1 when a paper is stale, and what to type
"""

import sys
from pathlib import Path

from docs.house_papers.book import stale, write

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Do what is asked and return the exit code."""
    if arguments == ["--check"]:
        found = stale(ROOT)
        print("\n".join(found) or "The papers answer the code.")
        return 1 if found else 0
    if arguments:
        print(__doc__)
        return 2
    print("\n".join(write(ROOT)) or "No paper changes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
