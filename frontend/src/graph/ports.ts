/** The inputs and outputs of a node: from its schema, its settings, or, when nothing else is known, its edges. */

import { type Edges, edgesInto, edgesOutOf } from "@/graph/adjacency";
import { type Catalog, type Param, type Schema, schemaOf } from "@/graph/catalog";
import { literalType, parseType } from "@/graph/types";
import { storedValue } from "@/graph/values";
import type { WorkflowEdge, WorkflowNode } from "@/graph/workflow";

export interface Port {
  /** The handle's name in edges. */
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly required: boolean;
  /** Shown under "More" only: it has a default and is neither connected nor set. */
  readonly folded: boolean;
  readonly param?: Param;
  /** Nothing declares it; it is there because an edge ends at it. */
  readonly unknown?: true;
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Source handles that mean the whole value instead of one key of it. */
const WHOLE_VALUE: ReadonlySet<string> = new Set(["", "output", "result"]);
/** Types whose values have no keys to select. */
const NEVER_KEYED: ReadonlySet<string> = new Set([
  "int",
  "float",
  "str",
  "bool",
  "list",
  "tuple",
  "set",
  "bytes",
  "None",
]);
const LIST_INPUT = /^input-(\d{1,9})$/;
/** Longer lists show the connected inputs only: nobody reads a thousand free ones. */
const MOST_LISTED = 100;

interface Remembered {
  readonly catalog: Catalog;
  readonly into: readonly WorkflowEdge[];
  readonly outOf: readonly WorkflowEdge[];
  readonly ports: Ports;
}

const remembered = new WeakMap<WorkflowNode, Remembered>();

/** A node's ports: the same object as long as the node, its edges and the catalog are the same. */
export function portsOf(node: WorkflowNode, catalog: Catalog, edges: Edges | Iterable<WorkflowEdge>): Ports {
  const [into, outOf] = edgesAt(node.id, edges);
  const known = remembered.get(node);
  if (known?.catalog === catalog && same(known.into, into) && same(known.outOf, outOf)) return known.ports;
  const ports = made(node, catalog, into, outOf);
  remembered.set(node, { catalog, into, outOf, ports });
  return ports;
}

/** The input that an edge into the node ends at. An edge that names none means the only one. */
export function inputAt(node: WorkflowNode, ports: Ports, handle: string | null): Port | undefined {
  const [first] = ports.inputs;
  if (node.type === "viewNode") return first;
  if (handle === null || handle === "") {
    const declared = ports.inputs.filter(({ unknown }) => !unknown);
    return declared.length === 1 || node.type === "listNode" ? declared[0] : undefined;
  }
  return ports.inputs.find(({ id }) => id === handle);
}

/** The output that an edge begins at: `output`, `result` and no name at all mean the whole value. */
export function outputAt(ports: Ports, handle: string | null): Port | undefined {
  const exact = ports.outputs.find(({ id }) => id === handle);
  if (exact || !WHOLE_VALUE.has(handle ?? "")) return exact;
  return ports.outputs.find(({ id }) => WHOLE_VALUE.has(id));
}

/** True when a value that leaves at the whole output may have a key that nobody declared. */
export function mayHaveKeys(ports: Ports): boolean {
  const whole = outputAt(ports, null);
  if (!whole) return false;
  const type = parseType(whole.type);
  return !(type.name === "|" ? type.args : [type]).every(({ name }) => NEVER_KEYED.has(name));
}

function edgesAt(
  id: string,
  edges: Edges | Iterable<WorkflowEdge>,
): [readonly WorkflowEdge[], readonly WorkflowEdge[]] {
  if (isMap(edges)) return [edgesInto(edges, id), edgesOutOf(edges, id)];
  const all = [...edges];
  return [all.filter(({ target }) => target === id), all.filter(({ source }) => source === id)];
}

function isMap(edges: Edges | Iterable<WorkflowEdge>): edges is Edges {
  return edges instanceof Map;
}

function same(one: readonly WorkflowEdge[], other: readonly WorkflowEdge[]): boolean {
  return one === other || (one.length === other.length && one.every((edge, index) => edge === other[index]));
}

function made(
  node: WorkflowNode,
  catalog: Catalog,
  into: readonly WorkflowEdge[],
  outOf: readonly WorkflowEdge[],
): Ports {
  const declared = declaredPorts(node, catalog, into);
  const handlesIn = into.map(({ targetHandle }) => targetHandle);
  const handlesOut = outOf.map(({ sourceHandle }) => sourceHandle);
  return {
    inputs: [...declared.inputs, ...strays(handlesIn.filter((handle) => !inputAt(node, declared, handle)))],
    outputs: [...declared.outputs, ...strays(handlesOut.filter((handle) => !outputAt(declared, handle)))],
  };
}

function declaredPorts(node: WorkflowNode, catalog: Catalog, into: readonly WorkflowEdge[]): Ports {
  if (node.type === "variableNode") return { inputs: [], outputs: [port("output", variableType(node))] };
  if (node.type === "listNode") return { inputs: listInputs(node, into), outputs: [port("output", "list")] };
  if (node.type === "viewNode") return { inputs: [port("input", "Any")], outputs: [] };
  const schema = schemaOf(catalog, node);
  return schema ? functionPorts(node, schema, into) : { inputs: [], outputs: [] };
}

function port(id: string, type: string, label = id): Port {
  return { id, label, type, required: false, folded: false };
}

/** An edge keeps its place to end at even where nothing is declared, so that nothing is lost from the file. */
function strays(handles: readonly (string | null)[]): Port[] {
  return [...new Set(handles)].map((handle) => ({
    ...port(handle ?? "", "Any", handle ?? "?"),
    unknown: true,
  }));
}

function functionPorts(node: WorkflowNode, schema: Schema, into: readonly WorkflowEdge[]): Ports {
  const only = schema.params.length === 1 ? schema.params[0]?.name : undefined;
  const wired = new Set(into.map(({ targetHandle }) => targetHandle || only));
  return {
    inputs: schema.params.map((param) => parameterPort(param, wired.has(param.name) || isSet(node, param))),
    outputs: schema.returns.map(({ name, type }) => port(name, type)),
  };
}

function isSet(node: WorkflowNode, { name }: Param): boolean {
  return storedValue(node, name) !== undefined;
}

function parameterPort(param: Param, used: boolean): Port {
  const { name, required } = param;
  return { id: name, label: name, type: typeOfParam(param), required, folded: !required && !used, param };
}

/** A parameter's type in full: schemas have the options of a Literal beside its name. */
export function typeOfParam({ type, literal_values }: Param): string {
  return type === "Literal" && literal_values ? literalType(literal_values) : type;
}

const VARIABLE_TYPES: Readonly<Record<string, string>> = {
  String: "str",
  Number: "int | float",
  Boolean: "bool",
  List: "list",
  Object: "dict",
  Image: "str",
};
const VARIABLE_FORMATS: Readonly<Record<string, readonly string[]>> = {
  String: ["llmMessageFormat", "textContentFormat"],
  Image: ["llmMessageFormat"],
};

function variableType(node: WorkflowNode): string {
  const kind = typeof node.data.variableType === "string" ? node.data.variableType : "String";
  if ((VARIABLE_FORMATS[kind] ?? []).some((name) => Boolean(node.data[name]))) return "dict";
  return VARIABLE_TYPES[kind] ?? "str";
}

/** As many inputs as wanted or connected, and always a free one. */
function listInputs(node: WorkflowNode, into: readonly WorkflowEdge[]): Port[] {
  const { inputCount } = node.data;
  const wanted = typeof inputCount === "number" ? Math.min(Math.floor(inputCount), MOST_LISTED) : 1;
  const connected = new Set(
    into.map(({ targetHandle }) => listIndex(targetHandle)).filter((index) => index !== null),
  );
  const highest = Math.max(-1, ...connected);
  const indices = new Set(count(Math.max(wanted, Math.min(highest + 1, MOST_LISTED), 1)));
  for (const index of connected) indices.add(index);
  if ([...indices].every((index) => connected.has(index))) indices.add(firstFree(connected));
  return [...indices].sort((a, b) => a - b).map((index) => port(`input-${index}`, "Any", `${index + 1}`));
}

function listIndex(handle: string | null): number | null {
  if (handle === null || handle === "") return 0;
  const match = LIST_INPUT.exec(handle);
  return match ? Number(match[1]) : null;
}

function firstFree(taken: ReadonlySet<number>): number {
  let index = 0;
  while (taken.has(index)) index += 1;
  return index;
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
