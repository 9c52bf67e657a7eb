/** The run that the active tab shows, as often as people can read what changed. */

import { useSyncExternalStore } from "react";
import { paced } from "@/panels/status/paced";
import type { RunState } from "@/state/run_state";
import { runsOf, useRunStore } from "@/state/run_store";
import { useSession } from "@/state/session";

/** With more nodes than this, nobody can read what each of them does while it does it. */
const MANY = 100;
/** Milliseconds between two looks at them. */
const PACE = 100;

const subscribe = paced(useRunStore.subscribe, () => ((shownRun()?.nodes.size ?? 0) > MANY ? PACE : 0));

/** One with many nodes may be as old as people do not notice. */
export function usePacedRun(): RunState | null {
  const tab = useSession(({ activeId }) => activeId);
  return useSyncExternalStore(subscribe, () => shownRun(tab));
}

function shownRun(tab?: string | null): RunState | null {
  return runsOf(tab).shown?.run ?? null;
}
