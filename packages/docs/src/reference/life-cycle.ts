import { Graph, layout } from "@dagrejs/dagre";
import type { LifeCycleState } from "@imcloud/openapi-tools/reference";

/** A life cycle can be drawn from left to right, or from the top down where there is little room. */
export type Orientation = "across" | "down";

const LETTER = 8.2;
const HEIGHT = 36;
const PADDING = 28;
const DOT = 14;
const MARGIN = 8;
const START = "(start)";

interface Point {
  x: number;
  y: number;
}

interface Box extends Point {
  width: number;
  height: number;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;

const between = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

/** A smooth line through the points that the layout found. */
function lineOf(points: Point[]): string {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  const last = rest.at(-1) ?? first;
  const curves = rest
    .slice(0, -1)
    .map((point, index) => `Q ${at(point)} ${at(between(point, rest[index + 1] ?? last))}`);
  return [`M ${at(first)}`, ...curves, `L ${at(last)}`].join(" ");
}

function box(name: string, { x, y, width, height }: Box, isEnd: boolean): string {
  if (name === START) return `<circle class="start" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${DOT / 2}"/>`;
  const corner = `x="${(x - width / 2).toFixed(1)}" y="${(y - height / 2).toFixed(1)}"`;
  return `<rect class="state${isEnd ? " end" : ""}" ${corner} width="${width.toFixed(1)}" height="${height}" rx="8"/><text x="${x.toFixed(1)}" y="${(y + 5).toFixed(1)}">${escaped(name)}</text>`;
}

/** The layout of a life cycle: where its states and arrows are. Dagre finds it, without a browser. */
function laidOut(states: LifeCycleState[], orientation: Orientation) {
  const graph = new Graph();
  graph.setGraph({
    rankdir: orientation === "across" ? "LR" : "TB",
    ranksep: 56,
    nodesep: 28,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(START, { width: DOT, height: DOT });
  for (const { name } of states) graph.setNode(name, { width: name.length * LETTER + PADDING, height: HEIGHT });
  if (states[0]) graph.setEdge(START, states[0].name);
  for (const { name, next } of states) for (const other of next) graph.setEdge(name, other);
  layout(graph);
  return graph;
}

/** Where a layout begins and how far it reaches. Dagre's own size leaves out where arrows bend. */
function extentOf(graph: Graph): Box {
  const points = graph.edges().flatMap((edge) => (graph.edge(edge) as { points: Point[] }).points);
  const boxes = graph.nodes().map((name) => graph.node(name) as Box);
  const across = [...points.map(({ x }) => x), ...boxes.flatMap(({ x, width }) => [x - width / 2, x + width / 2])];
  const down = [...points.map(({ y }) => y), ...boxes.flatMap(({ y, height }) => [y - height / 2, y + height / 2])];
  const [left, top] = [across, down].map((places) => Math.floor(Math.min(...places)) - MARGIN) as [number, number];
  const [right, bottom] = [across, down].map((places) => Math.ceil(Math.max(...places)) + MARGIN) as [number, number];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * A life cycle as SVG, drawn in the colors of the page that it stands in.
 * @param title what it shows, for readers who cannot see it; the states are text beside it
 */
export function lifeCycleSvg(states: LifeCycleState[], title: string, orientation: Orientation): string {
  const graph = laidOut(states, orientation);
  const { x, y, width, height } = extentOf(graph);
  const id = `arrow-${orientation}`;
  const arrows = graph
    .edges()
    .map(
      (edge) =>
        `<path class="arrow" d="${lineOf((graph.edge(edge) as { points: Point[] }).points)}" marker-end="url(#${id})"/>`,
    );
  const ends = new Set(states.filter(({ next }) => !next.length).map(({ name }) => name));
  const boxes = graph.nodes().map((name) => box(name, graph.node(name) as Box, ends.has(name)));
  return [
    `<svg class="life-cycle ${orientation}" role="img" aria-label="${escaped(title)}" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}">`,
    `<defs><marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M 0 0 L 8 4 L 0 8 z"/></marker></defs>`,
    ...arrows,
    ...boxes,
    "</svg>",
  ].join("");
}
