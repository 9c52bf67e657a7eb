/** The runs of the open workflows: started, followed, stopped, found again after a reload, and looked up in the history. */

import { useCallback, useMemo, useSyncExternalStore } from "react";
import { parseWorkflow } from "@/graph/file";
import type { Json } from "@/graph/workflow";
import { inputsOf } from "@/state/node_inputs";
import { followRun, isGone } from "@/state/run_following";
import { rememberedRun, rememberRun } from "@/state/run_memory";
import { ended, isOver, type NodeRun, newRun, type RunState } from "@/state/run_state";
import {
  expectedNodes,
  forgetRuns,
  nodeRunOf,
  noteTried,
  patchRuns,
  runsOf,
  type ShownRun,
  showRun,
  subscribeToNode,
  type TabRuns,
  updateStale,
  useRunStore,
} from "@/state/run_store";
import { activeTab } from "@/state/session";
import { tabOf, useSession } from "@/state/session_store";
import { wordsFor } from "@/wire/client";
import { cancelRun, startRun } from "@/wire/routes";
import type { CacheUse } from "@/wire/shapes";

export { type History, loadHistory, loadMoreHistory, useHistory } from "@/state/history";

export interface ExecuteOptions {
  /** Nodes to run to; everything when left out. */
  readonly targets?: readonly string[];
  /** "reuse" when left out. */
  readonly cache?: CacheUse;
  /** Environment variables for the nodes of this run. */
  readonly env?: Readonly<Record<string, string>>;
}

const followed = new Map<string, AbortController>();
const starting = new Set<string>();

// Doing

/** Runs the active workflow. Returns false when it could not be started; `useRunProblem` says why. */
export async function execute({ targets = [], cache = "reuse", env }: ExecuteOptions = {}): Promise<boolean> {
  const tab = activeTab();
  const { shown } = runsOf(tab?.id);
  if (!tab || starting.has(tab.id) || (shown?.isOwn && !isOver(shown.run))) return false;
  const { id, document, name } = tab;
  const ran = document.workflow;
  const workflow = document.toJson();
  starting.add(id);
  patchRuns(id, { problem: "" });
  noteTried(id, expectedNodes(ran, targets));
  try {
    const started = await startRun(workflow, { targets, cache, home: name ?? id, env });
    void rememberRun(id, { run: started.id, text: JSON.stringify(workflow), targets, at: Date.now() });
    const run = { ...newRun(started.id), queuePosition: started.queue_position };
    void follow(id, { run, ran, expected: expectedNodes(ran, targets), isOwn: true });
    return true;
  } catch (error) {
    patchRuns(id, { problem: wordsFor(error) });
    return false;
  } finally {
    starting.delete(id);
  }
}

/** Stops the active tab's run. Its events tell when it has stopped. */
export async function stop(): Promise<void> {
  const id = activeTab()?.id;
  const run = runsOf(id).shown?.run;
  if (id === undefined || !run || isOver(run)) return;
  try {
    await cancelRun(run.id);
  } catch (error) {
    patchRuns(id, { problem: wordsFor(error) });
  }
}

/** Shows an earlier run in the active tab; `null` goes back to the tab's own last run. */
export async function openRun(id: string | null): Promise<void> {
  const tab = activeTab()?.id;
  if (tab === undefined) return;
  const own = await rememberedRun(tab);
  if (id === null || id === own?.run) return resumeRun(tab);
  void follow(tab, { run: newRun(id), ran: null, expected: new Set(), isOwn: false });
}

/** Finds the last run of a tab again, as after a reload of the page. */
export async function resumeRun(tab: string): Promise<void> {
  const remembered = await rememberedRun(tab);
  if (!remembered) return patchRuns(tab, { shown: null });
  const { run, text, targets } = remembered;
  const ran = parseWorkflow(JSON.parse(text));
  const expected = expectedNodes(ran, targets);
  noteTried(tab, expected);
  void follow(tab, { run: newRun(run), ran, expected, isOwn: true });
}

/** Stops to follow a tab's run, which goes on. */
export function leaveRun(tab: string): void {
  followed.get(tab)?.abort();
  followed.delete(tab);
  forgetRuns(tab);
}

async function follow(tab: string, shown: ShownRun): Promise<void> {
  followed.get(tab)?.abort();
  const following = new AbortController();
  followed.set(tab, following);
  showRun(tab, shown);
  const refresh = () => {
    const workflow = tabOf(tab)?.document.workflow;
    if (workflow) updateStale(tab, workflow);
  };
  try {
    await followRun(shown.run.id, {
      signal: following.signal,
      onState: (run) => patchRuns(tab, { shown: { ...shown, run } }),
      onConnection: (isConnected) => patchRuns(tab, { isConnected }),
    });
    refresh();
  } catch (error) {
    if (following.signal.aborted) return;
    const run = ended(runsOf(tab).shown?.run ?? shown.run, "lost", 0);
    const problem = isGone(error) ? "The server does not have this run any more." : wordsFor(error);
    patchRuns(tab, { shown: { ...shown, run }, problem });
  }
}

// Looking

/** The run that the active tab shows. */
export function useRun(): RunState | null {
  return useTabRuns(({ shown }) => shown?.run ?? null);
}

/** Why the last run could not be started or followed, in words, or nothing. */
export function useRunProblem(): string {
  return useTabRuns(({ problem }) => problem);
}

/** False while the run's events do not arrive. */
export function useIsRunConnected(): boolean {
  return useTabRuns(({ isConnected }) => isConnected);
}

/** True while the active tab's run goes on. */
export function useIsRunning(): boolean {
  return useTabRuns(({ shown }) => shown !== null && !isOver(shown.run));
}

/** The last that is known of a node, perhaps from an earlier run; the component renders again only for that node. */
export function useNodeRun(node: string): NodeRun | undefined {
  return useOfNode(node, () => nodeRunOf(node));
}

/** True when the node's result is older than an edit that changes it. */
export function useIsStale(node: string): boolean {
  return useOfNode(node, () => runsOf().stale.has(node));
}

/** True when somebody has tried to run the node. */
export function useIsTried(node: string): boolean {
  return useOfNode(node, () => runsOf().tried.has(node));
}

/** The nodes of the active tab that somebody has tried to run. */
export function useTried(): ReadonlySet<string> {
  return useTabRuns(({ tried }) => tried);
}

const NO_INPUTS: ReadonlyMap<string, Json> = new Map();

/** What went into a node in the run that is shown, by input handle: whole values or previews. */
export function useNodeInputs(node: string): ReadonlyMap<string, Json> {
  const known = useNodeRun(node);
  return useMemo(() => {
    const { shown } = runsOf();
    return known && shown?.ran ? inputsOf(shown.ran, shown.run.nodes, node) : NO_INPUTS;
  }, [known, node]);
}

/** Something of what the active tab shows of its runs; the component renders again only when that is another. */
export function useTabRuns<Part>(part: (runs: TabRuns) => Part): Part {
  const tab = useSession(({ activeId }) => activeId);
  return useRunStore(() => part(runsOf(tab)));
}

function useOfNode<Part>(node: string, part: () => Part): Part {
  const subscribe = useCallback((listener: () => void) => subscribeToNode(node, listener), [node]);
  return useSyncExternalStore(subscribe, part);
}
