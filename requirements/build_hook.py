"""Bakes the commit into what is built, so that an installed program can say which one it is.

Hatchling loads this file by its path, in an environment that holds nothing but hatchling. Nothing is written into the
checkout; an archive of sources carries the facts on to the wheel that is built from it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildFacts(BuildHookInterface[Any]):
    """Adds ``lian_desk/_build.json`` to wheels and source archives."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the facts beside the checkout and have them included."""
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from lian_desk.adapters.machine.program_version import BUILD_FACTS, facts_text, source_of  # noqa: PLC0415

        sys.path.remove(str(root))
        source = source_of(root)
        if source is None or version == "editable":
            # from an archive of sources: what it carries travels with the package
            return
        self._folder = tempfile.TemporaryDirectory()
        facts = Path(self._folder.name) / BUILD_FACTS
        facts.write_text(facts_text(source), encoding="utf-8")
        build_data["force_include"][str(facts)] = f"lian_desk/{BUILD_FACTS}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was written beside the checkout."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()
