/** What each tab shows of its runs. Components of single nodes listen to their node alone. */

import { create } from "zustand";
import { upstream } from "@/graph/adjacency";
import type { Workflow } from "@/graph/workflow";
import { KeyedListeners } from "@/state/keyed_listeners";
import { FINDING, isOver, type NodeRun, type RunState } from "@/state/run_state";
import { useSession } from "@/state/session_store";
import { staleNodes } from "@/state/staleness";

/** A run that a tab shows. */
export interface ShownRun {
  readonly run: RunState;
  /** The workflow that was run, as far as that is known. */
  readonly ran: Workflow | null;
  /** The nodes that the run is about, as far as that is known. */
  readonly expected: ReadonlySet<string>;
  /** True when it is of this tab; else it is one out of the history. */
  readonly isOwn: boolean;
}

/** What is known of a node from an earlier run of the tab. */
interface Earlier {
  readonly node: NodeRun;
  readonly ran: Workflow | null;
}

export interface TabRuns {
  readonly shown: ShownRun | null;
  readonly earlier: ReadonlyMap<string, Earlier>;
  /** Why the last run could not be started or followed, in words, or nothing. */
  readonly problem: string;
  /** False while the connection to the run's events is lost. */
  readonly isConnected: boolean;
  /** Nodes whose result is older than an edit that changes it. */
  readonly stale: ReadonlySet<string>;
  /** Nodes that somebody has tried to run: what they lack is a mistake now, not unfinished work. */
  readonly tried: ReadonlySet<string>;
}

const NO_NODES: ReadonlySet<string> = new Set();
export const NO_RUNS: TabRuns = {
  shown: null,
  earlier: new Map(),
  problem: "",
  isConnected: true,
  stale: NO_NODES,
  tried: NO_NODES,
};
const QUEUED: NodeRun = { status: "queued", number: 0, logs: [] };

export const useRunStore = create<{ readonly tabs: ReadonlyMap<string, TabRuns> }>()(() => ({
  tabs: new Map(),
}));

const nodeListeners = new KeyedListeners();

/** Of a tab, the active one when left out. */
export function runsOf(tab: string | null = useSession.getState().activeId): TabRuns {
  return (tab !== null && useRunStore.getState().tabs.get(tab)) || NO_RUNS;
}

/** The last that is known of a node of the active workflow. */
export function nodeRunOf(node: string): NodeRun | undefined {
  const { shown, earlier, stale } = runsOf();
  const now = shown?.run.nodes.get(node);
  if (!now && shown && !isOver(shown.run) && shown.expected.has(node)) return QUEUED;
  const known = now ?? (shown?.isOwn === false ? undefined : earlier.get(node)?.node);
  // What a check has found about the workflow of then is nothing about that of now, which has checks of its own.
  return known?.failure?.type === FINDING && stale.has(node) ? undefined : known;
}

export function subscribeToNode(node: string, listener: () => void): () => void {
  return nodeListeners.subscribe(node, listener);
}

/** Changes what a tab shows, in one step, and wakes the nodes that are concerned. */
export function patchRuns(tab: string, change: Partial<TabRuns>): void {
  const before = runsOf(tab);
  const after = { ...before, ...change };
  useRunStore.setState(({ tabs }) => ({ tabs: new Map(tabs).set(tab, after) }));
  if (tab === useSession.getState().activeId) nodeListeners.notify(concerned(before, after));
}

/** Notes that these nodes were to be run. */
export function noteTried(tab: string, nodes: Iterable<string>): void {
  patchRuns(tab, { tried: new Set([...runsOf(tab).tried, ...nodes]) });
}

/** Wakes all nodes: another tab is active now. */
export function wakeAllNodes(): void {
  nodeListeners.notifyAll();
}

export function forgetRuns(tab: string): void {
  useRunStore.setState(({ tabs }) => ({ tabs: new Map([...tabs].filter(([id]) => id !== tab)) }));
}

/** Puts another run in place of the one that is shown; what that one found out stays known. */
export function showRun(tab: string, shown: ShownRun): void {
  patchRuns(tab, {
    shown,
    earlier: remembered(runsOf(tab)),
    problem: "",
    isConnected: true,
    stale: NO_NODES,
  });
}

/** The nodes that a run of the workflow to these targets is about. */
export function expectedNodes(workflow: Workflow, targets: readonly string[]): ReadonlySet<string> {
  const nodes = targets.length > 0 ? upstream(workflow.edges, targets) : workflow.nodes.keys();
  return new Set([...nodes].filter((node) => workflow.nodes.has(node)));
}

/** Marks results as stale that the workflow has outgrown. */
export function updateStale(tab: string, now: Workflow): void {
  const { stale } = runsOf(tab);
  const next = staleIn(runsOf(tab), now);
  const isSame = next.size === stale.size && [...next].every((node) => stale.has(node));
  if (!isSame) patchRuns(tab, { stale: next });
}

function staleIn({ shown, earlier }: TabRuns, now: Workflow): ReadonlySet<string> {
  const stale = new Set<string>();
  const byWorkflow = new Map<Workflow, ReadonlySet<string>>();
  const look = (node: string, ran: Workflow | null) => {
    if (!ran) return;
    const outgrown = byWorkflow.get(ran) ?? staleNodes(ran, now);
    byWorkflow.set(ran, outgrown);
    if (outgrown.has(node)) stale.add(node);
  };
  for (const node of shown?.run.nodes.keys() ?? []) look(node, shown?.ran ?? null);
  for (const [node, { ran }] of earlier) if (!shown?.run.nodes.has(node)) look(node, ran);
  return stale;
}

/** The results of all runs of the tab so far, for nodes that the next run leaves out. */
function remembered({ shown, earlier }: TabRuns): TabRuns["earlier"] {
  if (!shown?.isOwn) return earlier;
  const all = new Map(earlier);
  for (const [id, node] of shown.run.nodes) {
    if (node.status === "done" || node.status === "failed") all.set(id, { node, ran: shown.ran });
  }
  return all;
}

function concerned(before: TabRuns, after: TabRuns): ReadonlySet<string> {
  const nodes = new Set<string>();
  const add = (ids: Iterable<string> | undefined) => {
    for (const id of ids ?? []) nodes.add(id);
  };
  if (before.stale !== after.stale) {
    add(before.stale);
    add(after.stale);
  }
  if (before.tried !== after.tried) add(after.tried);
  const [was, is] = [before.shown, after.shown];
  if (was === is) return nodes;
  if (was?.run.id === is?.run.id && was && is && isOver(was.run) === isOver(is.run)) {
    for (const [id, node] of is.run.nodes) if (was.run.nodes.get(id) !== node) nodes.add(id);
    return nodes;
  }
  for (const side of [before, after]) {
    add(side.shown?.run.nodes.keys());
    add(side.shown?.expected);
    add(side.earlier.keys());
  }
  return nodes;
}
