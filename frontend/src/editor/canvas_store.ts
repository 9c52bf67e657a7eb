/**
 * React Flow's own nodes and edges. They follow the document in one direction; what is dragged or measured lives
 * here only, until a command at the end of the drag writes it into the document.
 */

import { applyNodeChanges, type NodeChange, type NodeHandle } from "@xyflow/react";
import { canvasEdges } from "@/editor/canvas_edges";
import { type CanvasEdge, type CanvasNode, canvasNodes, isNote, type Selected } from "@/editor/canvas_nodes";
import type { Box } from "@/graph/boxes";
import type { Catalog } from "@/graph/catalog";
import type { Point, Workflow } from "@/graph/workflow";

export interface CanvasContent {
  readonly nodes: CanvasNode[];
  readonly edges: CanvasEdge[];
}

export class CanvasStore {
  private current: CanvasContent = { nodes: [], edges: [] };
  private readonly listeners = new Set<() => void>();
  private last: { workflow: Workflow; catalog: Catalog; selected: Selected } | null = null;

  get content(): CanvasContent {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes over what the document, the catalog and the selection say now. */
  follow(workflow: Workflow, catalog: Catalog, selected: Selected): void {
    const { last } = this;
    if (last?.workflow === workflow && last.catalog === catalog && last.selected === selected) return;
    this.last = { workflow, catalog, selected };
    const nodes = canvasNodes(workflow, catalog, selected, byId(this.current.nodes));
    const isSameGraph = last?.workflow.edges === workflow.edges && last.workflow.nodes === workflow.nodes;
    const isSameEdges = isSameGraph && last.catalog === catalog && last.selected.edges === selected.edges;
    const edges = isSameEdges
      ? this.current.edges
      : canvasEdges(workflow, catalog, selected, byId(this.current.edges));
    this.publish({ nodes: this.keepingDragged(nodes), edges });
  }

  /** Takes over what React Flow measured, dragged or resized. `handles` tells where it found a node's ports. */
  apply(changes: readonly NodeChange<CanvasNode>[], handles: (id: string) => NodeHandle[] | undefined): void {
    const own = changes.filter(({ type }) => type === "position" || type === "dimensions");
    if (own.length === 0) return;
    const nodes = applyNodeChanges([...own], this.current.nodes);
    const measured = new Set(own.flatMap((change) => (change.type === "dimensions" ? [change.id] : [])));
    const withPorts = (node: CanvasNode) =>
      withHandles(node, measured.has(node.id) ? handles(node.id) : undefined);
    this.publish({ ...this.current, nodes: measured.size > 0 ? nodes.map(withPorts) : nodes });
  }

  /** Forgets how a node was resized on the screen: the document has it now. */
  endResize(id: string): void {
    const nodes = this.current.nodes.map((node) => (node.id === id ? withoutSize(node) : node));
    this.publish({ ...this.current, nodes });
  }

  /** The nodes and notes as large as they are drawn, by the ids they have in the workflow. */
  boxes(ids?: ReadonlySet<string>): Box[] {
    const { nodes } = this.current;
    return nodes.flatMap((node) => {
      const id = isNote(node) ? node.data.note.id : node.id;
      return ids && !ids.has(id) ? [] : [boxOf(node, id)];
    });
  }

  /** A change of something else must not throw a node back that is being dragged. */
  private keepingDragged(nodes: CanvasNode[]): CanvasNode[] {
    const dragged = this.current.nodes.filter((node) => node.dragging === true);
    if (dragged.length === 0) return nodes;
    const places = new Map<string, Point>(dragged.map(({ id, position }) => [id, position]));
    return nodes.map((node) => {
      const place = places.get(node.id);
      return place ? { ...node, position: { ...place }, dragging: true } : node;
    });
  }

  private publish(content: CanvasContent): void {
    this.current = content;
    for (const listener of this.listeners) listener();
  }
}

export function boxOf({ position: { x, y }, measured }: CanvasNode, id: string): Box {
  return { id, x, y, width: measured?.width ?? 0, height: measured?.height ?? 0 };
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

/** Kept with the node: React Flow forgets where ports are while the overview is shown instead of its nodes. */
function withHandles(node: CanvasNode, handles: NodeHandle[] | undefined): CanvasNode {
  return handles ? { ...node, handles } : node;
}

function withoutSize(node: CanvasNode): CanvasNode {
  const { width: _width, height: _height, resizing: _resizing, ...rest } = node;
  return rest;
}
