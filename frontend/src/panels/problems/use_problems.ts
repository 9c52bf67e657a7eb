/** What is wrong with the active workflow now. */

import { useMemo } from "react";
import { type ProblemEntry, problemList } from "@/panels/problems/problem_list";
import { useCatalog } from "@/state/catalog";
import { useDiagnostics } from "@/state/diagnostics";
import { useTabRuns, useTried } from "@/state/runs";
import { useWorkflow } from "@/state/session";

export function useProblems(): readonly ProblemEntry[] {
  const workflow = useWorkflow();
  const { catalog } = useCatalog();
  const diagnostics = useDiagnostics();
  const failed = useTabRuns(({ shown }) => shown?.run.failed);
  const error = useTabRuns(({ shown }) => shown?.run.error ?? "");
  const tried = useTried();
  return useMemo(
    () => problemList(workflow, catalog, diagnostics, failed ? { nodes: failed, error } : null, tried),
    [workflow, catalog, diagnostics, failed, error, tried],
  );
}
