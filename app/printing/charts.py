"""Charts of a document as drawings, which the library writes into PDF and as SVG alike. Lengths are points."""

from typing import Any

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing, Group, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from app.printing import fonts
from app.printing.parts import Chart

INK, LINE = HexColor(0x1F2933), HexColor(0x9AA5B1)
# Apart from each other also in shades of grey.
COLOURS = tuple(HexColor(value) for value in (0x1F5F8B, 0x8FC1E3, 0xF2C14E, 0xC8553D, 0x7B8794, 0xDDE2E7))
HEIGHT, BELOW, ABOVE, LEFT = 150.0, 24.0, 22.0, 34.0
SIZE = 7.5


def colours(count: int) -> tuple[Color, ...]:
    return COLOURS[:count]


def drawing(chart: Chart, width: float, decimal_mark: str = ".") -> Drawing:
    """The chart, `width` wide, without its title."""
    fonts.register()
    found = Drawing(width, HEIGHT)
    found.add(_bars(chart, width, decimal_mark))
    found.add(String(0, HEIGHT - 8, chart.unit, fontName=fonts.PLAIN, fontSize=SIZE, fillColor=INK))
    if len(chart.series) > 1:
        found.add(_legend(chart, width))
    return found


def _bars(chart: Chart, width: float, decimal_mark: str) -> Any:
    bars: Any = VerticalBarChart()
    bars.x, bars.y = LEFT, BELOW
    bars.width, bars.height = width - LEFT - 6, HEIGHT - BELOW - ABOVE
    bars.data = [tuple(value or 0 for value in series.values) for series in chart.series]
    bars.categoryAxis.style = "stacked"
    bars.categoryAxis.categoryNames = list(chart.categories)
    # However few the columns are, they stay slim.
    bars.groupSpacing = max(0.6, 8 / max(len(chart.categories), 1)) * bars.barWidth
    for axis in (bars.categoryAxis, bars.valueAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = fonts.PLAIN, SIZE, INK
        axis.strokeColor = LINE
    bars.categoryAxis.visibleTicks = False
    _scale(bars, chart, decimal_mark)
    for place, colour in enumerate(colours(len(chart.series))):
        bars.bars[place].fillColor, bars.bars[place].strokeColor = colour, None
    return bars


def _scale(bars: Any, chart: Chart, decimal_mark: str) -> None:
    """From zero on, in steps that are round numbers; over a chart of one series each column says its value."""
    highest = max((sum(values) for values in zip(*bars.data, strict=True)), default=0)
    step = _step(highest, whole=chart.whole)
    axis = bars.valueAxis
    axis.valueMin, axis.valueStep = 0, step
    axis.valueMax = max(step, -(-highest // step) * step)
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = True, HexColor(0xE4E7EB), 0.5
    axis.labelTextFormat = lambda value: f"{value:g}".replace(".", decimal_mark)
    if len(chart.series) == 1:
        bars.barLabelFormat = lambda value: f"{value:g}".replace(".", decimal_mark) if value else ""
        bars.barLabels.fontName, bars.barLabels.fontSize, bars.barLabels.fillColor = fonts.BOLD, SIZE, INK
        bars.barLabels.nudge = 6


def _step(highest: float, *, whole: bool) -> float:
    """A step of 1, 2 or 5 times a power of ten that takes at most six of them to the highest value."""
    step = 1.0 if whole else 0.1
    while True:
        for factor in (1, 2, 5):
            if highest <= step * factor * 6:
                return step * factor
        step *= 10


def _legend(chart: Chart, width: float) -> Group:
    """What the colours stand for, in a line that ends at the right."""
    found, x = Group(), width
    names = [series.name for series in chart.series]
    for name, colour in reversed(list(zip(names, colours(len(names)), strict=True))):
        x -= stringWidth(name, fonts.PLAIN, SIZE)
        found.add(String(x, HEIGHT - 8, name, fontName=fonts.PLAIN, fontSize=SIZE, fillColor=INK))
        box = Rect(x - SIZE - 3, HEIGHT - 9, SIZE, SIZE)
        box.fillColor, box.strokeColor = colour, None
        found.add(box)
        x -= SIZE + 13
    return found
