/** What is wrong with the active workflow now. */

import { useMemo } from "react";
import { type ProblemEntry, problemList } from "@/panels/problems/problem_list";
import { useCatalog } from "@/state/catalog";
import { useDiagnostics } from "@/state/diagnostics";
import { useOfRun, useTried } from "@/state/runs";
import { useWorkflow } from "@/state/session";

export function useProblems(): readonly ProblemEntry[] {
  const workflow = useWorkflow();
  const { catalog } = useCatalog();
  const diagnostics = useDiagnostics();
  const failures = useOfRun((run) => run?.failures);
  const error = useOfRun((run) => run?.error ?? "");
  const tried = useTried();
  return useMemo(
    () => problemList(workflow, catalog, diagnostics, failures && { failures, error }, tried),
    [workflow, catalog, diagnostics, failures, error, tried],
  );
}
