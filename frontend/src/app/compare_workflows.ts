/** What differs between two versions of a workflow. */

import { type Catalog, titleOf } from "@/graph/catalog";
import { dumpWorkflow } from "@/graph/file";
import type { Json, Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

export type Difference = "only-mine" | "only-theirs" | "changed" | "moved";

export interface Differing {
  readonly id: string;
  readonly title: string;
  readonly difference: Difference;
}

export interface Comparison {
  /** Nodes and notes that are not the same in both. */
  readonly items: readonly Differing[];
  readonly byId: ReadonlyMap<string, Difference>;
  readonly edgesOnlyMine: number;
  readonly edgesOnlyTheirs: number;
  /** Other fields of the file differ, such as the description. */
  readonly rest: boolean;
}

export function compareWorkflows(mine: Workflow, theirs: Workflow, catalog: Catalog): Comparison {
  const nodes = differing(mine.nodes, theirs.nodes, nodeDifference).map(({ id, difference, item }) => ({
    id,
    difference,
    title: titleOf(catalog, item),
  }));
  const notes = differing(mine.notes, theirs.notes, (a, b) => (isSame(a, b) ? null : "changed")).map(
    ({ id, difference }) => ({ id, difference, title: "Note" }),
  );
  const items = [...nodes, ...notes];
  const [ours, others] = [wiring(mine), wiring(theirs)];
  return {
    items,
    byId: new Map(items.map(({ id, difference }) => [id, difference])),
    edgesOnlyMine: [...ours].filter((key) => !others.has(key)).length,
    edgesOnlyTheirs: [...others].filter((key) => !ours.has(key)).length,
    rest: !isSame(mine.extra, theirs.extra),
  };
}

function differing<Item>(
  mine: ReadonlyMap<string, Item>,
  theirs: ReadonlyMap<string, Item>,
  compare: (mine: Item, theirs: Item) => Difference | null,
): { id: string; item: Item; difference: Difference }[] {
  const found: { id: string; item: Item; difference: Difference }[] = [];
  for (const [id, item] of mine) {
    const other = theirs.get(id);
    const difference = other === undefined ? "only-mine" : compare(item, other);
    if (difference) found.push({ id, item, difference });
  }
  for (const [id, item] of theirs) {
    if (!mine.has(id)) found.push({ id, item, difference: "only-theirs" });
  }
  return found;
}

function nodeDifference(mine: WorkflowNode, theirs: WorkflowNode): Difference | null {
  const sameMeaning =
    mine.type === theirs.type && isSame(mine.data, theirs.data) && isSame(mine.extra, theirs.extra);
  if (!sameMeaning) return "changed";
  return isSame(mine.layout, theirs.layout) ? null : "moved";
}

/** Edges by what they connect: their ids may differ. */
function wiring({ edges }: Workflow): Set<string> {
  return new Set([...edges.values()].map(edgeKey));
}

function edgeKey({ source, sourceHandle, target, targetHandle }: WorkflowEdge): string {
  return JSON.stringify([source, sourceHandle, target, targetHandle]);
}

function isSame(one: object, other: object): boolean {
  return stable(one) === stable(other);
}

function stable(value: object): string {
  return JSON.stringify(value, (_, part: Json) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** True when the files would be the same. */
export function isSameWorkflow(one: Workflow, other: Workflow): boolean {
  return isSame(dumpWorkflow(one), dumpWorkflow(other));
}
