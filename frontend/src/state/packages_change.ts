/** Changing the node packages: one change at a time, followed to its end whatever becomes of the connection. */

import { create } from "zustand";
import { isObject, type JsonObject } from "@/graph/workflow";
import { catalogResource } from "@/state/catalog";
import { refreshPackages, useUpdateCheck } from "@/state/packages";
import { begun, ended, type PackageChange, told, type Verb } from "@/state/packages_change_steps";
import { recordPackages } from "@/state/packages_used";
import { useSession } from "@/state/session_store";
import { Away, Problem, wordsFor } from "@/wire/client";
import {
  type ChangeMade,
  cancelChange,
  changeEventsUrl,
  disablePackage,
  enablePackage,
  installPackage,
  reloadPackage,
  rollBack,
  uninstallPackage,
} from "@/wire/package_routes";
import type { ChangeEvent, PackageWish } from "@/wire/shapes";
import { events, StreamRefused } from "@/wire/sse";

export interface ChangeState {
  /** The change that goes on, or the last one until it is put away. */
  readonly change: PackageChange | null;
  /** Does the same again, where that may help. */
  readonly again: (() => void) | null;
  /** New runs use what was changed only after a restart. */
  readonly needsRestart: boolean;
}

export const useChange = create<ChangeState>()(() => ({ change: null, again: null, needsRestart: false }));

export function isChanging(): boolean {
  return useChange.getState().change?.outcome === "running";
}

/** Puts away what was said about a change that is over. */
export function dismissChange(): void {
  if (!isChanging()) useChange.setState({ change: null, again: null });
}

/** Each resolves to whether it worked; why not is in the store. */
export function install(wish: PackageWish, name: string): Promise<boolean> {
  return carryOut("install", name, () => installPackage(wish));
}

export function uninstall(name: string): Promise<boolean> {
  return carryOut("uninstall", name, () => uninstallPackage(name));
}

export function reload(name: string): Promise<boolean> {
  return carryOut("reload", name, () => reloadPackage(name));
}

/** Have no worker import it any more; it stays installed. */
export function disable(name: string): Promise<boolean> {
  return carryOut("disable", name, () => disablePackage(name));
}

export function enable(name: string): Promise<boolean> {
  return carryOut("enable", name, () => enablePackage(name));
}

export function goBackTo(generation: number): Promise<boolean> {
  return carryOut("rollback", "", () => rollBack(generation));
}

/** Cancels the change that goes on. Resolves to whether it was in time. */
export async function cancel(): Promise<boolean> {
  try {
    return await cancelChange();
  } catch {
    // The change tells what becomes of it.
    return false;
  }
}

async function carryOut(verb: Verb, name: string, request: () => Promise<ChangeMade>): Promise<boolean> {
  if (isChanging()) return false;
  for (const { document } of useSession.getState().tabs) recordPackages(document);
  const again = () => void carryOut(verb, name, request);
  useChange.setState({ change: begun(verb, name), again });
  const unfollow = followChanges();
  try {
    const made = await request();
    settle("succeeded", made.message);
    useChange.setState({ needsRestart: made.restart_required });
  } catch (error) {
    if (error instanceof Away) await untilTold();
    else if (error instanceof Problem) refuse(error);
    else settle("failed", wordsFor(error));
  } finally {
    unfollow();
    refreshPackages();
    // What is known of updates was about what was there before.
    useUpdateCheck.setState({ status: "unasked" });
    void catalogResource.refresh();
  }
  return useChange.getState().change?.outcome === "succeeded";
}

function refuse(problem: Problem): void {
  if (problem.code === "change-cancelled") settle("cancelled", "Cancelled: nothing has changed.");
  else settle("failed", problem.message, problem.body);
}

function settle(
  outcome: "succeeded" | "failed" | "cancelled",
  message: string,
  problem: JsonObject | null = null,
) {
  useChange.setState(({ change }) => ({
    change: change && ended(change, outcome, message, problem),
  }));
}

/** The answer was lost, but a change has an end of its own, which is told when the server can be reached again. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    const check = ({ change }: ChangeState) => {
      if (change?.outcome === "running") return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = useChange.subscribe(check);
    const { change } = useChange.getState();
    // Nothing was heard of it: whatever the server says next is about something else.
    if (change?.id === null) useChange.setState({ change: { ...change, outcome: "unknown" } });
    check(useChange.getState());
  });
}

let followers = 0;
let following: AbortController | null = null;

/** Hears of changes, whoever makes them, until what is returned is called. */
export function followChanges(): () => void {
  followers += 1;
  if (!following) {
    following = new AbortController();
    void follow(following.signal);
  }
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    followers -= 1;
    if (followers > 0) return;
    following?.abort();
    following = null;
  };
}

async function follow(signal: AbortSignal): Promise<void> {
  try {
    for await (const { data } of events(changeEventsUrl(), { signal })) hear(data);
  } catch (error) {
    // Aborted, or a server without such a route: the answer to the request tells the end.
    if (!signal.aborted && !(error instanceof StreamRefused)) throw error;
  }
}

function hear(data: string): void {
  const event: unknown = JSON.parse(data);
  if (!isObject(event)) return;
  const before = useChange.getState().change;
  const change = told(before, event as unknown as ChangeEvent);
  if (change === before) return;
  const isAnother = change?.id !== before?.id && before?.id !== null;
  useChange.setState(isAnother ? { change, again: null } : { change });
}
