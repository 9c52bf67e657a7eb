/** What is selected in the active workflow. */

import { create } from "zustand";
import type { Workflow } from "@/graph/workflow";

export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}

/** Ids by what they are of; a bare list is one of nodes. */
export type Selecting =
  | Iterable<string>
  | {
      readonly nodes?: Iterable<string>;
      readonly edges?: Iterable<string>;
      readonly notes?: Iterable<string>;
    };

const NONE: ReadonlySet<string> = new Set();
export const NOTHING: Selection = { nodes: NONE, edges: NONE, notes: NONE };

export const useSelection = create<Selection>()(() => NOTHING);

/** Selects these and nothing else. */
export function select(selecting: Selecting): void {
  const { nodes, edges, notes } = isList(selecting) ? { nodes: selecting } : selecting;
  const { nodes: n, edges: e, notes: t } = useSelection.getState();
  replace({ nodes: sameOr(n, nodes), edges: sameOr(e, edges), notes: sameOr(t, notes) });
}

export function clear(): void {
  replace(NOTHING);
}

/** Adds a node to the selection, or takes it out. */
export function toggle(node: string): void {
  const nodes = new Set(useSelection.getState().nodes);
  if (!nodes.delete(node)) nodes.add(node);
  replace({ ...useSelection.getState(), nodes });
}

/** Forgets what the workflow does not have any more. */
export function keepExisting(workflow: Workflow): void {
  const { nodes, edges, notes } = useSelection.getState();
  const has = (map: ReadonlyMap<string, unknown>) => (id: string) => map.has(id);
  replace({
    nodes: sameOr(nodes, [...nodes].filter(has(workflow.nodes))),
    edges: sameOr(edges, [...edges].filter(has(workflow.edges))),
    notes: sameOr(notes, [...notes].filter(has(workflow.notes))),
  });
}

/** True when the node is selected; the component renders again only when that changes. */
export function useIsSelected(node: string): boolean {
  return useSelection(({ nodes }) => nodes.has(node));
}

function replace(next: Selection): void {
  const now = useSelection.getState();
  const same = now.nodes === next.nodes && now.edges === next.edges && now.notes === next.notes;
  if (!same) useSelection.setState(next);
}

/** The set that is there when it has the same members: what did not change causes no rendering. */
function sameOr(known: ReadonlySet<string>, ids: Iterable<string> = NONE): ReadonlySet<string> {
  const next = new Set(ids);
  return next.size === known.size && [...next].every((id) => known.has(id)) ? known : next;
}

function isList(selecting: Selecting): selecting is Iterable<string> {
  return Symbol.iterator in selecting;
}
