"""Looks at one page as everybody may meet it, light and dark, wide and narrow, and says what is wrong with it."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALLEST_TEXT_PX = 18
SMALLEST_TARGET_PX = 48


def objections(page: Page) -> list[str]:
    """One line for each violation found by axe, and for each way in which the narrow page is too wide.

    What is folded away is opened first.
    """
    size, found = page.viewport_size, []
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    if not page.evaluate("'axe' in window"):  # the pages' policy lets no foreign script tag in
        page.evaluate(AXE_SCRIPT)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            where = f"{page.url} {scheme} {viewport['width']} px"
            found += [f"{where}: {each}" for each in page.evaluate(_VIOLATIONS)]
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            found.append(f"{page.url} scrolls {beyond} px sideways at {viewport['width']} px")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    return found


def too_small(page: Page) -> list[str]:
    """Texts under 18 px and buttons or links under 48 px on a handset."""
    return page.evaluate(_TOO_SMALL, [SMALLEST_TEXT_PX, SMALLEST_TARGET_PX])


_VIOLATIONS = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.target}: ${node.failureSummary}`));
}"""

_TOO_SMALL = """([text, target]) => {
  const seen = (element) => element.checkVisibility() && !element.closest(".visually-hidden, .skip");
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const small = [];
  while (words.nextNode()) {
    const { parentElement, data } = words.currentNode;
    if (!data.trim() || !seen(parentElement)) continue;
    const size = parseFloat(getComputedStyle(parentElement).fontSize);
    if (size < text) small.push(`${size} px: ${data.trim()}`);
  }
  for (const element of document.querySelectorAll("button, a, input, select")) {
    const { width, height } = element.getBoundingClientRect();
    if (seen(element) && Math.min(width, height) < target) small.push(`${width}×${height} px: ${element.innerText}`);
  }
  return small;
}"""
