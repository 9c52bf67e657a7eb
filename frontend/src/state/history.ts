/** The runs that the server remembers, a page at a time. */

import { useEffect } from "react";
import { create } from "zustand";
import { listRuns } from "@/wire/routes";
import type { RunDescription } from "@/wire/shapes";

export interface History {
  /** The newest first. */
  readonly runs: readonly RunDescription[];
  readonly status: "idle" | "loading" | "ready" | "away";
  /** True when the server has older ones. */
  readonly hasMore: boolean;
}

const PAGE = 50;
/** Milliseconds: many runs may begin and end at once. */
const AFTER_NEWS = 300;

const useStore = create<History>()(() => ({ runs: [], status: "idle", hasMore: false }));
let newest = 0;
let isDue = false;

/** Loaded when first used, and kept up to date. */
export function useHistory(): History {
  const history = useStore();
  useEffect(() => {
    if (useStore.getState().status === "idle") void loadHistory();
  }, []);
  return history;
}

/** Loads the newest runs again, as many as are shown. */
export async function loadHistory(): Promise<void> {
  const limit = Math.max(PAGE, Math.min(useStore.getState().runs.length, 1_000));
  await load(async () => {
    const runs = await listRuns(limit);
    return { runs, hasMore: runs.length === limit };
  });
}

export async function loadMoreHistory(): Promise<void> {
  const { runs } = useStore.getState();
  await load(async () => {
    const older = await listRuns(PAGE, runs.at(-1)?.id);
    const known = new Set(runs.map(({ id }) => id));
    return { runs: [...runs, ...older.filter(({ id }) => !known.has(id))], hasMore: older.length === PAGE };
  });
}

/** A run began or ended: the list is loaded again soon, if anybody has looked at it. */
export function noteRun(): void {
  if (isDue || useStore.getState().status === "idle") return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    void loadHistory();
  }, AFTER_NEWS);
}

async function load(page: () => Promise<Pick<History, "runs" | "hasMore">>): Promise<void> {
  newest += 1;
  const mine = newest;
  useStore.setState({ status: "loading" });
  try {
    const loaded = await page();
    if (mine === newest) useStore.setState({ ...loaded, status: "ready" });
  } catch {
    if (mine === newest) useStore.setState({ status: "away" });
  }
}
