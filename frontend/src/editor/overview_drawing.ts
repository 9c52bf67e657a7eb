/** Drawing a whole workflow as boxes and wires: paths are made once for a content and reused while the view moves. */

import { type CanvasEdge, type CanvasNode, isNote } from "@/editor/canvas_nodes";
import type { CanvasContent } from "@/editor/canvas_store";
import { colorOf } from "@/graph/appearance";
import { FAMILIES, familyOf } from "@/graph/types";

/** Shapes of one colour, drawn together. */
interface Layer {
  readonly token: string;
  readonly path: Path2D;
}

export interface Drawing {
  readonly notes: readonly Layer[];
  readonly wires: readonly Layer[];
  readonly boxes: readonly Layer[];
  readonly selected: Path2D;
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

const RADIUS = 8;
const HEADER = 32;
const TINY = 0.04;

export function drawingOf({ nodes, edges }: CanvasContent): Drawing {
  const notes = new Map<string, Path2D>();
  const boxes = new Map<string, Path2D>();
  const selected = new Path2D();
  for (const node of nodes) {
    outline(layer(isNote(node) ? notes : boxes, tokenOf(node)), node);
    if (node.selected) outline(selected, node);
  }
  return { notes: layers(notes), wires: layers(wirePaths(nodes, edges)), boxes: layers(boxes), selected };
}

/** Boxes over wires over notes, in the colours of the present theme. */
export function draw(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  { x, y, zoom }: View,
  color: (token: string) => string,
  ratio = 1,
): void {
  const { canvas } = context;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
  for (const { token, path } of drawing.notes) fill(context, path, color(token), 0.15);
  context.lineWidth = Math.max(2, 1 / zoom);
  context.globalAlpha = 0.55;
  for (const { token, path } of drawing.wires) stroke(context, path, color(token));
  context.globalAlpha = 1;
  context.lineWidth = Math.max(1, 1 / zoom);
  for (const { token, path } of drawing.boxes) {
    fill(context, path, color("--surface-node"), 1);
    fill(context, path, color(token), zoom < TINY ? 0.7 : 0.3);
    // Lines around boxes of a few pixels would be all that there is to see.
    if (zoom >= TINY) stroke(context, path, color(token));
  }
  context.lineWidth = 3 / zoom;
  stroke(context, drawing.selected, color("--focus"));
}

/** Borders of nodes that something happened to, drawn over everything. */
export function drawStates(
  context: CanvasRenderingContext2D,
  nodes: readonly CanvasNode[],
  tokenOfState: (id: string) => string | null,
  zoom: number,
  color: (token: string) => string,
): void {
  const paths = new Map<string, Path2D>();
  for (const node of nodes) {
    const token = isNote(node) ? null : tokenOfState(node.id);
    if (token) outline(layer(paths, token), node);
  }
  context.lineWidth = 2.5 / zoom;
  for (const { token, path } of layers(paths)) stroke(context, path, color(token));
}

function fill(context: CanvasRenderingContext2D, path: Path2D, style: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = style;
  context.fill(path);
  context.globalAlpha = 1;
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, style: string): void {
  context.strokeStyle = style;
  context.stroke(path);
}

function tokenOf(node: CanvasNode): string {
  if (isNote(node)) return colorOf("note", node.data.note.color ?? "yellow").token;
  return colorOf(node.data.node.type, node.data.node.layout.color).token;
}

function outline(path: Path2D, { position, measured }: CanvasNode): void {
  path.roundRect(position.x, position.y, measured?.width ?? 0, measured?.height ?? HEADER, RADIUS);
}

function wirePaths(nodes: readonly CanvasNode[], edges: readonly CanvasEdge[]): Map<string, Path2D> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const paths = new Map<string, Path2D>();
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) continue;
    wire(layer(paths, FAMILIES[familyOf(edge.data?.type ?? "Any")].token), source, target, edge);
  }
  return paths;
}

function wire(path: Path2D, source: CanvasNode, target: CanvasNode, edge: CanvasEdge): void {
  const x1 = source.position.x + (source.measured?.width ?? 0);
  const y1 = source.position.y + centerY(source, edge.sourceHandle, "source");
  const x2 = target.position.x;
  const y2 = target.position.y + centerY(target, edge.targetHandle, "target");
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

function centerY(node: CanvasNode, id: string | null | undefined, type: "source" | "target"): number {
  const handle = node.handles?.find((one) => one.type === type && one.id === id);
  return handle ? handle.y + (handle.height ?? 0) / 2 : HEADER / 2;
}

function layer(paths: Map<string, Path2D>, token: string): Path2D {
  const known = paths.get(token);
  if (known) return known;
  const made = new Path2D();
  paths.set(token, made);
  return made;
}

function layers(paths: ReadonlyMap<string, Path2D>): Layer[] {
  return [...paths].map(([token, path]) => ({ token, path }));
}
