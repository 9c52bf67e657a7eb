/** The changes that a document can undergo: all edits are made of these. */

import type { Json, JsonObject, Layout, Note, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

export interface Draft {
  /** Adds the node, at the end of the order, or replaces the one of that id in its place. */
  putNode(node: WorkflowNode): void;
  /** Removes nodes and every edge at them. */
  removeNodes(ids: Iterable<string>): void;
  /** Sets one value in a node's data; `undefined` removes it. */
  setValue(id: string, name: string, value: Json | undefined): void;
  /** Changes some of a node's layout; `undefined` removes a property. */
  setLayout(id: string, change: LayoutChange): void;
  putEdge(edge: WorkflowEdge): void;
  removeEdge(id: string): void;
  putNote(note: Note): void;
  removeNote(id: string): void;
  /** Replaces the other fields at the top of the file. */
  setExtra(extra: Readonly<JsonObject>): void;
}

export type LayoutChange = { [Name in keyof Layout]?: Layout[Name] | undefined };
