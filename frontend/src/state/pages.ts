/**
 * Which browser tab this is. Each has an id that outlives a reload, and no two that are open have the same: a browser
 * tab that was duplicated takes another one, so that both do not write to the same drafts.
 */

const KEY = "psynapse.page";
const LOCK = "psynapse-page-";
const CHANNEL = "psynapse-pages";
/** Milliseconds. After a reload the old page may still hold its lock for a moment. */
const PATIENCE = 500;
const ANSWERS_WITHIN = 150;

export interface Page {
  readonly id: string;
  /** True when another browser tab that is open was duplicated. */
  readonly isCopy: boolean;
  /** Gives the id back. */
  leave(): void;
}

/** Takes the id of this browser tab. */
export async function claimPage(): Promise<Page> {
  const known = sessionStorage.getItem(KEY);
  const leaveKnown = known === null ? null : await hold(known);
  if (known !== null && leaveKnown) return { id: known, isCopy: false, leave: leaveKnown };
  const id = crypto.randomUUID();
  const leave = (await hold(id)) ?? (() => undefined);
  sessionStorage.setItem(KEY, id);
  return { id, isCopy: known !== null, leave };
}

/** The ids of all browser tabs that are open. */
export async function openPages(): Promise<ReadonlySet<string>> {
  if (!navigator.locks) return rollCall();
  const { held = [] } = await navigator.locks.query();
  const names = held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
  return new Set(names);
}

/** Does something that only one page may do at a time. */
export async function alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return navigator.locks ? await navigator.locks.request(`psynapse-${name}`, work) : await work();
}

/** Holds the id until the page ends or the answer is called; `null` when somebody else has it. */
async function hold(id: string): Promise<(() => void) | null> {
  if (navigator.locks) return holdLock(navigator.locks, id);
  // Pages of other machines without encryption have no locks: they ask around instead.
  if ((await rollCall()).has(id)) return null;
  return answerFor(id);
}

function holdLock(locks: LockManager, id: string): Promise<(() => void) | null> {
  return new Promise((taken) => {
    const options = { signal: AbortSignal.timeout(PATIENCE) };
    const held = locks.request(LOCK + id, options, () => new Promise<void>((release) => taken(release)));
    held.catch(() => taken(null));
  });
}

function answerFor(id: string): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === "who is there?") channel.postMessage({ id });
  };
  return () => channel.close();
}

function rollCall(): Promise<ReadonlySet<string>> {
  const channel = new BroadcastChannel(CHANNEL);
  const there = new Set<string>();
  channel.onmessage = ({ data }) => {
    if (typeof data === "object" && typeof data.id === "string") there.add(data.id);
  };
  channel.postMessage("who is there?");
  return new Promise((resolve) => {
    setTimeout(() => {
      channel.close();
      resolve(there);
    }, ANSWERS_WITHIN);
  });
}
