/**
 * An open workflow: a Yjs document in memory, an immutable snapshot of it, and the steps back.
 *
 * The document is an editing buffer. The server's file is the truth, and the document is made anew from it.
 */

import * as Y from "yjs";
import type { Draft } from "@/document/draft";
import { annotated, drafted, fill, type Stored, snapshotOf, updated } from "@/document/stored";
import { dumpWorkflow, parseWorkflow } from "@/graph/file";
import type { Json, JsonObject, Workflow } from "@/graph/workflow";

/** Two edits with the same merge key become one step when they follow within this time, in milliseconds. */
const MERGE_WITHIN = 1000;
const LOCAL = Symbol("local edit");

export interface EditOptions {
  /** Edits such as keystrokes in one field that belong together name the same key. */
  readonly merge?: string;
}

export interface Step {
  readonly label: string;
  /** The nodes that were selected when the step was made; they are selected again after going back. */
  readonly selection: readonly string[];
}

export class WorkflowDocument {
  readonly doc = new Y.Doc();
  private readonly stored: Stored;
  private readonly history: Y.UndoManager;
  private readonly listeners = new Set<() => void>();
  private snapshot: Workflow;
  private lastMerge: { key: string; at: number } | null = null;
  private current: Step = { label: "", selection: [] };
  /** Tells what is selected, for the steps back. */
  selection: () => readonly string[] = () => [];

  constructor(workflow: Workflow) {
    this.stored = {
      nodes: this.doc.getMap("nodes"),
      edges: this.doc.getMap("edges"),
      notes: this.doc.getMap("notes"),
      extra: this.doc.getMap("extra"),
    };
    this.doc.transact(() => fill(this.stored, workflow));
    this.snapshot = snapshotOf(this.stored);
    this.history = new Y.UndoManager(Object.values(this.stored), {
      trackedOrigins: new Set([LOCAL]),
      captureTimeout: Number.MAX_SAFE_INTEGER,
    });
    this.history.on("stack-item-added", ({ stackItem }) => stackItem.meta.set("step", this.current));
    this.doc.on("afterTransaction", (transaction: Y.Transaction) => this.publish(transaction));
  }

  /** Reads a file of any version. */
  static fromJson(file: unknown): WorkflowDocument {
    return new WorkflowDocument(parseWorkflow(file));
  }

  /** The workflow as it is now: the same object until something changes. */
  get workflow(): Workflow {
    return this.snapshot;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Makes one step: everything that `change` does is undone together. */
  edit(label: string, change: (draft: Draft) => void, options: EditOptions = {}): void {
    const now = Date.now();
    const merges =
      options.merge !== undefined &&
      this.lastMerge?.key === options.merge &&
      now - this.lastMerge.at < MERGE_WITHIN;
    if (!merges) {
      this.history.stopCapturing();
      this.current = { label, selection: this.selection() };
    }
    this.lastMerge = options.merge === undefined ? null : { key: options.merge, at: now };
    this.doc.transact(() => change(drafted(this.stored)), LOCAL);
  }

  /** Notes in a field of the file what nobody typed; it is no step, so it is not undone. `undefined` takes the field out. */
  annotate(name: string, value: Json | undefined): void {
    this.doc.transact(() => annotated(this.stored, name, value));
  }

  /** Goes one step back. Returns that step, or null when there is none. */
  undo(): Step | null {
    return this.travel(() => this.history.undo(), this.history.undoStack);
  }

  /** Goes one step forward again. */
  redo(): Step | null {
    return this.travel(() => this.history.redo(), this.history.redoStack);
  }

  get canUndo(): boolean {
    return this.history.undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.history.redoStack.length > 0;
  }

  /** The workflow as its file has it. */
  toJson(): JsonObject {
    return dumpWorkflow(this.snapshot);
  }

  private travel(go: () => unknown, stack: readonly { meta: Map<unknown, unknown> }[]): Step | null {
    const top = stack.at(-1);
    if (!top) return null;
    this.lastMerge = null;
    const step = (top.meta.get("step") as Step | undefined) ?? { label: "", selection: [] };
    this.current = step;
    go();
    return step;
  }

  private publish(transaction: Y.Transaction): void {
    const next = updated(this.snapshot, this.stored, transaction);
    if (next === this.snapshot) return;
    this.snapshot = next;
    for (const listener of this.listeners) listener();
  }
}
