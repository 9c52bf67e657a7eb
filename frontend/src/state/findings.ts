/** What the checks found, told apart: what is wrong, and what is only not filled in yet. */

import { useMemo } from "react";
import { useNodeDiagnostics } from "@/state/diagnostics";
import { useIsTried } from "@/state/runs";
import type { Diagnostic } from "@/wire/shapes";

/**
 * A required input that is still empty is no mistake of somebody who is building. It becomes one when they try to
 * run it. Everything else is wrong at once.
 */
export function isOnlyMissing({ code }: Diagnostic, isTried: boolean): boolean {
  return code === "missing-input" && !isTried;
}

export interface Findings {
  readonly wrong: readonly Diagnostic[];
  /** Required inputs that are neither set nor connected, while nobody has tried to run the node. */
  readonly missing: readonly Diagnostic[];
}

export function useNodeFindings(node: string): Findings {
  const diagnostics = useNodeDiagnostics(node);
  const isTried = useIsTried(node);
  return useMemo(
    () => ({
      wrong: diagnostics.filter((one) => !isOnlyMissing(one, isTried)),
      missing: diagnostics.filter((one) => isOnlyMissing(one, isTried)),
    }),
    [diagnostics, isTried],
  );
}
