/** Whether an edge may be drawn, what it replaces, and why not if it may not. */

import { type Edges, edgesInto, edgesWithout } from "@/graph/adjacency";
import { type Catalog, titleOf } from "@/graph/catalog";
import { converterBetween, type Offer } from "@/graph/fitting";
import { inputAt, mayHaveKeys, outputAt, type Port, type Ports, portsOf } from "@/graph/ports";
import { type Fit, fit as fitOf } from "@/graph/types";
import { wayBetween } from "@/graph/ways";
import type { Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

export {
  type Candidate,
  fittingPorts,
  fittingSchemas,
  type Offer,
  type PortAddress,
  type SchemaFit,
  type Side,
} from "@/graph/fitting";

export interface Connection {
  readonly source: string;
  readonly sourceHandle: string | null;
  readonly target: string;
  readonly targetHandle: string | null;
}

export type Verdict = Allowed | Refused;

export interface Allowed {
  readonly ok: true;
  readonly fit: Exclude<Fit, "unlikely">;
  /** The edge that ends at the same input now: an input has one edge. */
  readonly replaces?: string;
}

export interface Refused {
  readonly ok: false;
  /** For the user. */
  readonly reason: string;
  /** A function that makes of the output what the input takes. */
  readonly offer?: Offer;
}

interface Ends {
  readonly source: WorkflowNode;
  readonly target: WorkflowNode;
  readonly output: Port;
  readonly input: Port;
}

const SHOWN_IN_CIRCLE = 6;

/** Judges a connection. `moving` is an edge whose end is being dragged to here: it counts as gone. */
export function check(
  workflow: Workflow,
  catalog: Catalog,
  connection: Connection,
  moving?: string,
): Verdict {
  const { source, target } = connection;
  if (source === target) return refused("A node cannot be connected to itself.");
  const ends = endsOf(workflow, catalog, connection);
  if ("reason" in ends) return ends;
  const edges = edgesWithout(workflow.edges, moving);
  const way = wayBetween(edges, target, source);
  if (way) return refused(circle(workflow, catalog, [...way, target]));
  const answer = fitOf(ends.output.type, ends.input.type);
  if (answer === "unlikely") return unlikely(catalog, ends);
  const replaces = edgeAt(workflow, catalog, edges, ends.target, ends.input);
  return { ok: true, fit: answer, ...(replaces ? { replaces: replaces.id } : {}) };
}

/** The edge that ends at an input of a node. */
export function edgeAt(
  workflow: Workflow,
  catalog: Catalog,
  edges: Edges,
  target: WorkflowNode,
  input: Port,
): WorkflowEdge | undefined {
  const ports = portsOf(target, catalog, workflow.edges);
  return edgesInto(edges, target.id).find(
    ({ targetHandle }) => inputAt(target, ports, targetHandle)?.id === input.id,
  );
}

function refused(reason: string): Refused {
  return { ok: false, reason };
}

function endsOf(workflow: Workflow, catalog: Catalog, connection: Connection): Ends | Refused {
  const source = workflow.nodes.get(connection.source);
  const target = workflow.nodes.get(connection.target);
  if (!source || !target) return refused("One of the two nodes is no longer there.");
  const output = outputOf(portsOf(source, catalog, workflow.edges), connection.sourceHandle);
  if (!output) return refused(noSuchPort(catalog, source, "output", connection.sourceHandle));
  const input = inputOf(target, portsOf(target, catalog, workflow.edges), connection.targetHandle);
  if (!input) return refused(noSuchPort(catalog, target, "input", connection.targetHandle));
  return { source, target, output, input };
}

/** An output, or a key that the value which leaves there may have. */
function outputOf(ports: Ports, handle: string | null): Port | undefined {
  const found = outputAt(ports, handle);
  if (found || ports.outputs.length === 0) return found;
  // The whole value can always be taken, even where its keys are what is declared.
  const isWhole = handle === null || handle === "result" || handle === "output";
  return isWhole || mayHaveKeys(ports) ? undeclared(handle ?? "result") : undefined;
}

function inputOf(node: WorkflowNode, ports: Ports, handle: string | null): Port | undefined {
  const found = inputAt(node, ports, handle);
  if (found || node.type !== "listNode") return found;
  // A list takes more than it shows.
  return handle !== null && /^input-\d{1,9}$/.test(handle) ? undeclared(handle) : undefined;
}

function undeclared(id: string): Port {
  return { id, label: id, type: "Any", required: false, folded: false };
}

function noSuchPort(catalog: Catalog, node: WorkflowNode, side: string, handle: string | null): string {
  const title = titleOf(catalog, node);
  return handle ? `“${title}” has no ${side} “${handle}”.` : `Choose one of the ${side}s of “${title}”.`;
}

function circle(workflow: Workflow, catalog: Catalog, way: readonly string[]): string {
  const titles = way.map((id) => {
    const node = workflow.nodes.get(id);
    return node ? titleOf(catalog, node) : id;
  });
  const shown =
    titles.length > SHOWN_IN_CIRCLE
      ? [...titles.slice(0, SHOWN_IN_CIRCLE - 2), "…", ...titles.slice(-1)]
      : titles;
  return `This would make a circle: ${shown.join(" → ")}. A node cannot wait for its own result.`;
}

function unlikely(catalog: Catalog, { source, target, output, input }: Ends): Refused {
  const given = `“${titleOf(catalog, source)}” gives ${output.type}`;
  const wanted = `“${input.label}” of “${titleOf(catalog, target)}” takes ${input.type}`;
  const offer = converterBetween(catalog, output.type, input.type);
  return { ...refused(`${given}, but ${wanted}.`), ...(offer ? { offer } : {}) };
}
