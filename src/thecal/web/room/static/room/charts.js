// Three charts over one time: a heat map painted into uPlot's plot area, a step strip, a curve.
const { uPlot } = globalThis;
const INK = "#e9f0f2";
const SOFT = "#afbfc6";
const GRID = "#33434d";
const DRUG = "#f98e09";
const FONT = '13px "Source Sans 3", sans-serif';
const GUTTER = 64;
const sync = uPlot.sync("room");

const timeAxis = (data, shown) => ({
  stroke: SOFT, font: FONT, size: shown ? 30 : 8, grid: { show: true, stroke: GRID, width: 1 }, ticks: { stroke: GRID, size: 4 },
  splits: () => data.marks.at, values: () => (shown ? data.marks.text : data.marks.text.map(() => "")),
});

const frame = (place, data, height, scales, axes, series, extra = {}) => ({
  width: place.clientWidth, height, padding: [8, 14, 0, 0], legend: { show: false }, scales: { x: { time: false, range: () => [data.times[0], data.times.at(-1)] }, ...scales },
  axes, series, cursor: { sync: { key: sync.key, setSeries: false }, drag: { x: false, y: false }, points: { show: false }, y: false, ...extra.cursor },
  hooks: extra.hooks,
});

function column(chart, data) {
  const { left } = chart.cursor;
  return left === null || left < 0 ? null : chart.valToIdx(chart.posToVal(left, "x"));
}

function raster(heat) {
  const shades = Uint8Array.from(atob(heat.shades), (letter) => letter.charCodeAt(0));
  const picture = new ImageData(heat.columns, heat.rows);
  const colours = heat.palette.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  for (let column = 0; column < heat.columns; column += 1) {
    for (let row = 0; row < heat.rows; row += 1) {
      picture.data.set([...colours[shades[column * heat.rows + row]], 255], 4 * (row * heat.columns + column));
    }
  }
  const canvas = new OffscreenCanvas(heat.columns, heat.rows);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

export function heatChart(place, data, point) {
  const { heat } = data;
  const picture = raster(heat);
  const paint = (chart) => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(picture, bbox.left, bbox.top, bbox.width, bbox.height);
    const tip = chart.valToPos(heat.tip, "y", true);
    ctx.lineWidth = devicePixelRatio;
    for (const [colour, dash] of [["#000000", []], [INK, [6, 6]]]) {
      ctx.strokeStyle = colour;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(bbox.left, tip);
      ctx.lineTo(bbox.left + bbox.width, tip);
      ctx.stroke();
    }
    ctx.restore();
  };
  const y = { range: () => [0, heat.rows], dir: -1 };
  const levels = { scale: "y", stroke: INK, font: FONT, size: GUTTER, grid: { show: false }, ticks: { stroke: GRID, size: 4 },
    splits: () => heat.levels.at, values: () => heat.levels.text };
  const told = (chart) => {
    const at = column(chart, data);
    const row = at === null ? null : Math.floor(chart.posToVal(chart.cursor.top, "y"));
    point(at, row === null ? null : heat.cells[row]);
  };
  return new uPlot(frame(place, data, place.clientHeight, { y }, [timeAxis(data, true), levels],
    [{}, { scale: "y", show: true, stroke: "transparent", points: { show: false } }],
    { cursor: { y: true }, hooks: { drawAxes: [paint], setCursor: [told] } }), [data.times, data.times.map(() => 0)], place);
}

export function doseChart(place, data) {
  const { dose } = data;
  const y = { range: () => [0, dose.highest > 0 ? dose.highest * 1.15 : 1] };
  const axis = { scale: "y", stroke: SOFT, font: FONT, size: GUTTER, grid: { stroke: GRID }, ticks: { show: false }, space: 28 };
  return new uPlot(frame(place, data, place.clientHeight, { y }, [timeAxis(data, false), axis],
    [{}, { scale: "y", stroke: DRUG, fill: "#f98e0955", width: 1.5, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } }]), [dose.times, dose.amounts], place);
}

export function scoreChart(place, data) {
  const { score } = data;
  const y = { range: () => [0, score.highest] };
  const axis = { scale: "y", stroke: SOFT, font: FONT, size: GUTTER, grid: { stroke: GRID }, ticks: { show: false }, space: 24 };
  return new uPlot(frame(place, data, place.clientHeight, { y }, [timeAxis(data, true), axis],
    [{}, { scale: "y", stroke: INK, width: 2, points: { show: false } },
      { scale: "y", stroke: SOFT, width: 1, dash: [3, 4], points: { show: false } }]),
  [data.times, score.at, data.times.map(() => score.without)], place);
}
