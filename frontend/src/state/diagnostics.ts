/** What the server finds wrong with the active workflow, asked a moment after each edit. */

import { create } from "zustand";
import type { WorkflowDocument } from "@/document/document";
import { isSameJson } from "@/document/same_json";
import { grouped } from "@/graph/grouping";
import type { Workflow } from "@/graph/workflow";
import { onCatalog } from "@/state/catalog";
import { activeDocument } from "@/state/session";
import { useSession } from "@/state/session_store";
import { isSameLogic } from "@/state/staleness";
import { Away } from "@/wire/client";
import { validateWorkflow } from "@/wire/routes";
import type { Diagnostic } from "@/wire/shapes";

export type { Diagnostic } from "@/wire/shapes";

interface DiagnosticsState {
  readonly all: readonly Diagnostic[];
  readonly byNode: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** Milliseconds from an edit to the question. */
const AFTER_EDIT = 300;
const RETRY = 5_000;
const NONE: readonly Diagnostic[] = [];
const useStore = create<DiagnosticsState>()(() => ({ all: NONE, byNode: new Map() }));

export function useDiagnostics(): readonly Diagnostic[] {
  return useStore(({ all }) => all);
}

/** Those about one node; the component renders again only when they change. */
export function useNodeDiagnostics(node: string): readonly Diagnostic[] {
  return useStore(({ byNode }) => byNode.get(node) ?? NONE);
}

/** Begins to ask about the active workflow. Returns what ends it. */
export function startDiagnostics(): () => void {
  const checker = new Checker();
  const stops = [
    useSession.subscribe(({ activeId }, before) => {
      if (activeId !== before.activeId) checker.follow(activeDocument());
    }),
    onCatalog(() => checker.ask(0)),
  ];
  checker.follow(activeDocument());
  return () => {
    for (const stop of stops) stop();
    checker.stop();
  };
}

class Checker {
  private document: WorkflowDocument | null = null;
  private unsubscribe: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;
  /** What was asked about last, or is to be. */
  private asked: Workflow | null = null;

  follow(document: WorkflowDocument | null): void {
    this.stop();
    this.document = document;
    publish(NONE);
    if (!document) return;
    this.unsubscribe = document.subscribe(() => {
      // Nodes that only move are as right or wrong as before.
      if (!this.asked || !isSameLogic(this.asked, document.workflow)) this.ask(AFTER_EDIT);
    });
    this.ask(0);
  }

  ask(delay: number): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asked = this.document?.workflow ?? null;
    this.timer = setTimeout(() => void this.check(), delay);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.unsubscribe();
  }

  private async check(): Promise<void> {
    const { document } = this;
    if (!document) return;
    const asking = new AbortController();
    this.asking = asking;
    this.asked = document.workflow;
    try {
      const found = await validateWorkflow(document.toJson(), asking.signal);
      if (!asking.signal.aborted) publish(found);
    } catch (error) {
      if (error instanceof Away && !asking.signal.aborted) this.ask(RETRY);
    }
  }
}

function publish(found: readonly Diagnostic[]): void {
  const { all, byNode } = useStore.getState();
  if (isSameJson(all, found)) return;
  const groups = grouped(
    found.filter(({ node }) => node !== null),
    ({ node }) => node ?? "",
  );
  const next = [...groups].map(([node, list]) => {
    const known = byNode.get(node);
    return [node, known && isSameJson(known, list) ? known : list] as const;
  });
  useStore.setState({ all: found, byNode: new Map(next) });
}
