/** Which run a tab showed last, and the workflow that was run: found again after a reload. */

import { createStore, del, get, promisifyRequest, set, type UseStore } from "idb-keyval";
import { isObject } from "@/graph/workflow";

export interface RememberedRun {
  readonly run: string;
  /** The file of the workflow that was run. */
  readonly text: string;
  readonly targets: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Milliseconds; tabs that do not come back within a week are forgotten. */
const KEPT_FOR = 7 * 24 * 3_600_000;

let opened: UseStore | null = null;

function store(): UseStore {
  opened ??= createStore("psynapse-runs", "runs");
  return opened;
}

/** What cannot be remembered is only less comfortable: nobody hears of a failure, here and below. */
export async function rememberRun(tab: string, run: RememberedRun): Promise<void> {
  await attempt(async () => set(tab, run, store()));
}

export async function forgetRun(tab: string): Promise<void> {
  await attempt(async () => del(tab, store()));
}

export async function rememberedRun(tab: string): Promise<RememberedRun | null> {
  const found: unknown = await attempt(async () => get(tab, store()));
  return isRemembered(found) ? found : null;
}

export async function forgetOldRuns(now: number): Promise<void> {
  await attempt(async () => store()("readwrite", (runs) => removeOld(runs, now)));
}

function removeOld(runs: IDBObjectStore, now: number): Promise<unknown> {
  const request = runs.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if (!isRemembered(cursor.value) || now - cursor.value.at > KEPT_FOR) cursor.delete();
    cursor.continue();
  };
  return promisifyRequest(runs.transaction);
}

async function attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

function isRemembered(value: unknown): value is RememberedRun {
  return (
    isObject(value) &&
    typeof value.run === "string" &&
    typeof value.text === "string" &&
    typeof value.at === "number" &&
    Array.isArray(value.targets) &&
    value.targets.every((target) => typeof target === "string")
  );
}
