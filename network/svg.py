"""SVG put together by hand: no script, nothing fetched, and each drawing is told in words too. Pure."""

from xml.etree.ElementTree import Element, SubElement, tostring

XMLNS = "http://www.w3.org/2000/svg"


def drawing(wide: float, tall: float, *, name: str, title: str, told: str, **attributes: str) -> Element:
    """An empty one. `name` is an id of its own on the page; `told` is what it shows, in words."""
    svg = Element(
        "svg",
        xmlns=XMLNS,
        viewBox=f"0 0 {wide:.0f} {tall:.0f}",
        role="img",
        attrib={**attributes, "aria-labelledby": f"{name}-title {name}-desc"},
    )
    SubElement(svg, "title", id=f"{name}-title").text = title
    SubElement(svg, "desc", id=f"{name}-desc").text = told
    return svg


def sign(side: int, **attributes: str) -> Element:
    """A small one beside words that say the same."""
    size = {"viewBox": f"0 0 {side} {side}", "width": str(side), "height": str(side), "aria-hidden": "true"}
    return Element("svg", xmlns=XMLNS, attrib={**size, **attributes})


def text(
    svg: Element, x: float, y: float, words: str, *, size: int = 14, anchor: str = "middle", fill: str = ""
) -> None:
    style = {"text-anchor": anchor, "font-size": str(size)} | ({"fill": fill} if fill else {})
    SubElement(svg, "text", x=f"{x:.1f}", y=f"{y:.1f}", attrib=style).text = words


def line(svg: Element, x1: float, y1: float, x2: float, y2: float, *, stroke: str) -> None:
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    SubElement(svg, "line", stroke=stroke, attrib=ends)


def written(svg: Element) -> str:
    return tostring(svg, encoding="unicode")
