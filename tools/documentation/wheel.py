"""Put the documentation site into the wheel, where `make site` has built it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SiteHook(BuildHookInterface[Any]):
    """Carry `build/site` as `govkg/resources/site`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the site among what the wheel takes besides the package."""
        site = Path(self.root) / "build" / "site"
        if version == "standard" and (site / "index.html").is_file():
            build_data["force_include"][str(site)] = "govkg/resources/site"
