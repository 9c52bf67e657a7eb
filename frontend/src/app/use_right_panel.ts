/** Opens the right panel by itself: the status with a run, the inspector with a selection. */

import { useEffect, useRef } from "react";
import { opensOnSelection, rightTab, showRight } from "@/app/panel_choice";
import { onceReleased, watchPressing } from "@/app/pressing";
import { forgetChoice, wasChosenHere } from "@/panels/choosing";
import { useIsRunning, useRunProblem, useTabRuns } from "@/state/runs";
import { useSelection } from "@/state/selection";

export function useRightPanel(): void {
  const running = useIsRunning();
  const run = useTabRuns(({ shown }) => shown?.run.id);
  const problem = useRunProblem();
  useEffect(() => {
    if ((running && run !== undefined) || problem !== "") showRight("status");
  }, [running, run, problem]);
  useEffect(watchPressing, []);
  const selected = useSelection(({ nodes }) => nodes);
  const [first] = selected;
  const single = selected.size === 1 ? first : undefined;
  const isRunning = useRef(running);
  isRunning.current = running;
  useEffect(() => {
    if (single === undefined || wasChosenHere(single)) return;
    forgetChoice();
    return onceReleased(() => {
      const canOpen = rightTab() !== null || opensOnSelection();
      // During a run the status is what matters, and the end of the run is no reason to leave it.
      if (canOpen && !isRunning.current) showRight("inspector");
    });
  }, [single]);
}
