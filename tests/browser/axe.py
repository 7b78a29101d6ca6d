"""Axe, put into a page once: its half a megabyte takes longer to read than most pages to look at."""

from typing import Any

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS
from axe_playwright_python.sync_playwright import Axe as Once


class Axe(Once):
    def run(self, page: Any, context: Any = None, options: dict[str, Any] | None = None) -> AxeResults:
        arguments = self._format_script_args(context=context, options=DEFAULT_OPTIONS | (options or {}))
        return self._said(page, arguments)

    def _said(self, page: Any, arguments: str) -> AxeResults:
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe_script)
        return AxeResults(page.evaluate(f"axe.run({arguments})"))
