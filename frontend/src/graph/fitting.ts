/** What could be connected to a port: ports of the workflow, functions of the catalog, functions that convert. */

import { downstream, edgesInto, upstream } from "@/graph/adjacency";
import type { Catalog, Schema } from "@/graph/catalog";
import { inputAt, outputAt, type Port, portsOf, typeOfParam } from "@/graph/ports";
import { type Fit, fit as fitOf, isUnknown } from "@/graph/types";
import type { Workflow, WorkflowNode } from "@/graph/workflow";

/** Which side of a node a port is on. */
export type Side = "input" | "output";

export interface PortAddress {
  readonly node: string;
  readonly handle: string | null;
}

/** A port of the workflow that another can be connected to. */
export interface Candidate {
  readonly node: string;
  readonly port: Port;
  readonly fit: Fit;
  /** The connection would take the place of an edge that ends there. */
  readonly replaces?: string;
}

/** A function that fits, with the port to connect. */
export interface SchemaFit {
  readonly schema: Schema;
  readonly handle: string;
  readonly fit: Fit;
}

/** A function to put between an output and an input that do not fit. */
export interface Offer {
  readonly schema: Schema;
  readonly input: string;
  readonly output: string;
}

/** Better fits have lower numbers. A fit with `Any` says little, but converts nothing either. */
const CLOSENESS = { precise: 0, vague: 1, converted: 2, none: 3 } as const;

/** The ports that `from` can be connected to, best first. `side` is the side that `from` is on. */
export function fittingPorts(
  workflow: Workflow,
  catalog: Catalog,
  from: PortAddress,
  side: Side,
): Candidate[] {
  const node = workflow.nodes.get(from.node);
  const own = node && portAt(workflow, catalog, node, from.handle, side);
  if (!node || !own) return [];
  // What would close a circle is left out at once, not looked for from every node again.
  const excluded = (side === "output" ? upstream : downstream)(workflow.edges, [node.id]);
  const others = [...workflow.nodes.values()].filter(({ id }) => !excluded.has(id));
  const found = others.flatMap((other) => candidatesAt(workflow, catalog, other, own.type, side));
  return found.sort((a, b) => rankOf(a, own.type, side) - rankOf(b, own.type, side));
}

function rankOf({ port, replaces }: Candidate, type: string, side: Side): number {
  return (
    closeness(type, port.type, side) * 4 + (replaces ? 2 : 0) + (side === "output" && !port.required ? 1 : 0)
  );
}

function candidatesAt(
  workflow: Workflow,
  catalog: Catalog,
  node: WorkflowNode,
  type: string,
  side: Side,
): Candidate[] {
  const ports = portsOf(node, catalog, workflow.edges);
  const wired = new Map(
    edgesInto(workflow.edges, node.id).map((edge) => [inputAt(node, ports, edge.targetHandle)?.id, edge.id]),
  );
  return (side === "output" ? ports.inputs : ports.outputs).flatMap((port) => {
    const answer = side === "output" ? fitOf(type, port.type) : fitOf(port.type, type);
    const replaces = side === "output" ? wired.get(port.id) : undefined;
    return answer === "unlikely"
      ? []
      : [{ node: node.id, port, fit: answer, ...(replaces ? { replaces } : {}) }];
  });
}

function portAt(
  workflow: Workflow,
  catalog: Catalog,
  node: WorkflowNode,
  handle: string | null,
  side: Side,
): Port | undefined {
  const ports = portsOf(node, catalog, workflow.edges);
  return side === "output" ? outputAt(ports, handle) : inputAt(node, ports, handle);
}

/** The functions with a port that fits one of `type` on `side`, best first. */
export function fittingSchemas(catalog: Catalog, type: string, side: Side): SchemaFit[] {
  const found = catalog.schemas.flatMap((schema) => {
    const best = bestPort(schema, type, side);
    return best ? [best] : [];
  });
  return found
    .sort((a, b) => a.rank - b.rank)
    .map(({ schema, handle, fit: answer }) => ({ schema, handle, fit: answer }));
}

/** The port of a function that fits one of `type` on `side` best. */
export function bestPort(
  schema: Schema,
  type: string,
  side: Side,
): (SchemaFit & { rank: number }) | undefined {
  const ports =
    side === "output"
      ? schema.params.map((param) => ({
          handle: param.name,
          type: typeOfParam(param),
          required: param.required,
        }))
      : schema.returns.map((output) => ({ handle: output.name, type: output.type, required: true }));
  const ranked = ports.map((port) => ({
    ...port,
    rank: closeness(type, port.type, side) + (port.required ? 0 : 0.5),
  }));
  const [best] = ranked.filter(({ rank }) => rank < CLOSENESS.none).sort((a, b) => a.rank - b.rank);
  if (!best) return undefined;
  return {
    schema,
    handle: best.handle,
    rank: best.rank,
    fit: best.rank < CLOSENESS.converted ? "fits" : "converts",
  };
}

function closeness(type: string, other: string, side: Side): number {
  const answer = side === "output" ? fitOf(type, other) : fitOf(other, type);
  if (answer === "unlikely") return CLOSENESS.none;
  if (answer === "converts") return CLOSENESS.converted;
  return isUnknown(other) ? CLOSENESS.vague : CLOSENESS.precise;
}

const offers = new WeakMap<Catalog, Map<string, Offer | null>>();

/** A function that takes `source` alone and gives `target`, if the catalog has one. */
export function converterBetween(catalog: Catalog, source: string, target: string): Offer | undefined {
  const known = offers.get(catalog) ?? new Map<string, Offer | null>();
  offers.set(catalog, known);
  const key = `${source}\n${target}`;
  let offer = known.get(key);
  if (offer === undefined) {
    offer = bestConverter(catalog, source, target) ?? null;
    known.set(key, offer);
  }
  return offer ?? undefined;
}

function bestConverter(catalog: Catalog, source: string, target: string): Offer | undefined {
  const found = catalog.schemas.flatMap((schema) => {
    const input = onlyInput(schema, source);
    // A function that gives anything says nothing about what it gives.
    const output = schema.returns.find(({ type }) => !isUnknown(type) && fitOf(type, target) === "fits");
    if (!input || !output || schema.style !== "function") return [];
    return [
      {
        offer: { schema, input: input.handle, output: output.name },
        rank: input.rank * 10 + schema.params.length,
      },
    ];
  });
  return found.sort((a, b) => a.rank - b.rank)[0]?.offer;
}

/** The input that takes `type`, when the function needs nothing else. */
function onlyInput(schema: Schema, type: string): (SchemaFit & { rank: number }) | undefined {
  const required = schema.params.filter((param) => param.required);
  if (required.length > 1) return undefined;
  const best = bestPort(required.length === 1 ? { ...schema, params: required } : schema, type, "output");
  return best?.fit === "fits" ? best : undefined;
}
