/** The connections that a node could have, as a list to choose from. */

import { joined } from "@/editor/connecting_wires";
import { type Catalog, titleOf } from "@/graph/catalog";
import { type Connection, fittingPorts, type Side } from "@/graph/connecting";
import { type Port, portsOf } from "@/graph/ports";
import type { Workflow, WorkflowNode } from "@/graph/workflow";

export interface ConnectChoice {
  readonly key: string;
  readonly connection: Connection;
  /** The node's own port. */
  readonly own: string;
  /** The port at the other end, with its node. */
  readonly other: string;
  readonly isOutput: boolean;
  readonly type: string;
  readonly replaces: boolean;
}

const MOST = 200;

/** Outputs first, each with its best fits first; only those that have all the words of `text`. */
export function connectChoices(
  workflow: Workflow,
  catalog: Catalog,
  id: string,
  text: string,
): ConnectChoice[] {
  const node = workflow.nodes.get(id);
  if (!node) return [];
  const { inputs, outputs } = portsOf(node, catalog, workflow.edges);
  const all = [
    ...outputs.flatMap((port) => choicesOf(workflow, catalog, node, port, "output")),
    ...inputs.flatMap((port) => choicesOf(workflow, catalog, node, port, "input")),
  ];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const answers = ({ own, other }: ConnectChoice) => {
    const whole = `${own} ${other}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  };
  return all.filter(answers).slice(0, MOST);
}

function choicesOf(
  workflow: Workflow,
  catalog: Catalog,
  { id }: WorkflowNode,
  port: Port,
  side: Side,
): ConnectChoice[] {
  const from = { node: id, handle: port.id };
  return fittingPorts(workflow, catalog, from, side).map((candidate) => {
    const other = workflow.nodes.get(candidate.node);
    const connection = joined(from, side, { node: candidate.node, handle: candidate.port.id });
    return {
      key: `${side} ${port.id} ${candidate.node} ${candidate.port.id}`,
      connection,
      own: port.label,
      other: `${other ? titleOf(catalog, other) : candidate.node} · ${candidate.port.label}`,
      isOutput: side === "output",
      type: port.type,
      replaces: candidate.replaces !== undefined,
    };
  });
}
