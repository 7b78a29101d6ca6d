"""Axe, put into a page once: its half a megabyte takes longer to read than most pages to look at."""

from typing import Any

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS
from axe_playwright_python.sync_playwright import Axe as Once

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
NO_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}  # more than half of what axe takes

# What holds words, but one of each look: tags, classes, names and states from the root down. No color asks for more.
OF_EACH_LOOK = """
(() => {
  const looks = new Map();
  const look = (one) => {
    if (!one) return "";
    const names = one.getAttributeNames().filter((name) => !["href", "value", "for", "datetime", "title"].includes(name));
    const states = names.map((name) => `${name}=${one.getAttribute(name).replace(/[0-9a-f]{8}-[0-9a-f-]+|[0-9]+/g, "0")}`);
    return `${look(one.parentElement)}>${one.tagName} ${states}`;
  };
  for (const one of document.body.querySelectorAll("*")) {
    const holds = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (holds || one.matches("input, select, textarea")) looks.set(look(one), looks.get(look(one)) ?? one);
  }
  return [...looks.values()];
})()
"""


class Axe(Once):
    def run(self, page: Any, context: Any = None, options: dict[str, Any] | None = None) -> AxeResults:
        arguments = self._format_script_args(context=context, options=DEFAULT_OPTIONS | (options or {}))
        return self._said(page, arguments)

    def run_of_each_look(self, page: Any, options: dict[str, Any]) -> AxeResults:
        """Of elements that look alike only the first: rows of a list, for one."""
        return self._said(
            page, f"{OF_EACH_LOOK}, {self._format_script_args(options=DEFAULT_OPTIONS | options)}"
        )

    def _said(self, page: Any, arguments: str) -> AxeResults:
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe_script)
        return AxeResults(page.evaluate(f"axe.run({arguments})"))
