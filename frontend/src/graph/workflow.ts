/** A workflow as the editor holds it: immutable values, replaced where something changes. */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a node is shown. Nothing here changes what a run does. Sizes are in pixels at zoom 1. */
export interface Layout extends Point {
  readonly width?: number;
  readonly height?: number;
  readonly collapsed?: boolean;
  /** A name from the palette in graph/appearance.ts. */
  readonly color?: string;
  /** A name from the icon table in editor/icons.ts. */
  readonly icon?: string;
}

export interface WorkflowNode {
  readonly id: string;
  readonly type: string;
  /** Parameter values under their own names, `functionName` or `ref`, `label`. */
  readonly data: Readonly<JsonObject>;
  readonly layout: Layout;
  /** Fields of the file that are not ours; they survive. */
  readonly extra: Readonly<JsonObject>;
}

export interface WorkflowEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly sourceHandle: string | null;
  readonly targetHandle: string | null;
  readonly extra: Readonly<JsonObject>;
}

/** A comment on the canvas. */
export interface Note extends Point {
  readonly id: string;
  /** Markdown. */
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly color?: string;
}

/** The order of nodes and edges is that of the file: it decides the order of execution. */
export interface Workflow {
  readonly nodes: ReadonlyMap<string, WorkflowNode>;
  readonly edges: ReadonlyMap<string, WorkflowEdge>;
  readonly notes: ReadonlyMap<string, Note>;
  /** Other fields at the top of the file, such as `description`. */
  readonly extra: Readonly<JsonObject>;
}

export const EMPTY_WORKFLOW: Workflow = { nodes: new Map(), edges: new Map(), notes: new Map(), extra: {} };

export const KINDS = ["functionNode", "variableNode", "listNode", "viewNode"] as const;
export type Kind = (typeof KINDS)[number];

export function isKind(type: string): type is Kind {
  return (KINDS as readonly string[]).includes(type);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
