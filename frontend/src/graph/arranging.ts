/** Arranging nodes: aligned, distributed, or laid out anew in a worker. */

import { type Box, boundsOf } from "@/graph/boxes";
import type { Catalog } from "@/graph/catalog";
import { inputAt, outputAt, type Port, portsOf } from "@/graph/ports";
import type { TidyRequest } from "@/graph/tidy_layout";
import type { Point, Workflow } from "@/graph/workflow";

export type { TidyRequest } from "@/graph/tidy_layout";

export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom";
export type Axis = "horizontal" | "vertical";
export type Positions = ReadonlyMap<string, Point>;

/** Where the boxes go so that their edges or centres are in one line. */
export function align(boxes: readonly Box[], how: Alignment): Map<string, Point> {
  const all = boundsOf(boxes);
  return new Map(boxes.map((box) => [box.id, aligned(box, all, how)]));
}

function aligned(box: Box, all: Omit<Box, "id">, how: Alignment): Point {
  const { x, y } = box;
  switch (how) {
    case "left":
      return { x: all.x, y };
    case "center":
      return { x: Math.round(all.x + (all.width - box.width) / 2), y };
    case "right":
      return { x: all.x + all.width - box.width, y };
    case "top":
      return { x, y: all.y };
    case "middle":
      return { x, y: Math.round(all.y + (all.height - box.height) / 2) };
    case "bottom":
      return { x, y: all.y + all.height - box.height };
  }
}

/** Where the boxes go so that the gaps between them are equal. The space they take stays the same. */
export function distribute(boxes: readonly Box[], axis: Axis): Map<string, Point> {
  const [start, size] = axis === "horizontal" ? (["x", "width"] as const) : (["y", "height"] as const);
  const sorted = [...boxes].sort((a, b) => a[start] - b[start] || a[size] - b[size]);
  const all = boundsOf(boxes);
  const gap = (all[size] - sorted.reduce((sum, box) => sum + box[size], 0)) / Math.max(1, sorted.length - 1);
  let next = all[start];
  return new Map(
    sorted.map((box) => {
      const place = { x: box.x, y: box.y, [start]: Math.round(next) };
      next += box[size] + gap;
      return [box.id, place];
    }),
  );
}

/** What the layout has to know of the boxes: the edges among them, and at which ports they end. */
export function tidyRequest(workflow: Workflow, catalog: Catalog, boxes: readonly Box[]): TidyRequest {
  const edges = [...workflow.edges.values()].flatMap(({ source, target, sourceHandle, targetHandle }) => {
    const [from, to] = [workflow.nodes.get(source), workflow.nodes.get(target)];
    if (!from || !to) return [];
    const { outputs } = portsOf(from, catalog, workflow.edges);
    const into = portsOf(to, catalog, workflow.edges);
    const sourcePort = numberOf(outputs, outputAt({ inputs: [], outputs }, sourceHandle));
    return [
      { source, target, sourcePort, targetPort: numberOf(into.inputs, inputAt(to, into, targetHandle)) },
    ];
  });
  return { boxes, edges };
}

function numberOf(ports: readonly Port[], port: Port | undefined): number {
  return port ? ports.indexOf(port) : 0;
}

/** Lays boxes out anew along their edges, off the main thread. Rejects with the signal's reason when aborted. */
export async function tidy(request: TidyRequest, signal?: AbortSignal): Promise<Map<string, Point>> {
  signal?.throwIfAborted();
  if (typeof Worker === "undefined") {
    // Loaded on demand, because the page itself has no use for it where there are workers.
    const { tidied } = await import("@/graph/tidy_layout");
    return new Map(tidied(request));
  }
  const worker = new Worker(new URL("./tidy_worker.ts", import.meta.url), { type: "module" });
  return new Promise<Map<string, Point>>((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.addEventListener("message", ({ data }: MessageEvent<[string, Point][]>) => resolve(new Map(data)));
    worker.addEventListener("error", ({ message }) => reject(new Error(message || "The layout failed.")));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
