/** Everything that is wrong with a workflow: what the checks found, and what failed in the run that is shown. */

import { type Catalog, titleOf } from "@/graph/catalog";
import type { Workflow } from "@/graph/workflow";
import { isOnlyMissing } from "@/state/findings";
import { FINDING, type RunState } from "@/state/run_state";
import type { Diagnostic } from "@/wire/shapes";

export interface ProblemEntry {
  readonly key: string;
  /** "missing" is what is not filled in yet. */
  readonly severity: "error" | "warning" | "missing";
  readonly message: string;
  readonly hint: string;
  readonly node: string | null;
  /** What the node is called, or nothing. */
  readonly title: string;
  readonly origin: "check" | "run";
}

/** Of a run, what went wrong in it. */
type Failed = Pick<RunState, "nodes" | "error">;

const GRAVITY = ["error", "warning", "missing"] as const;
const NONE: ReadonlySet<string> = new Set();

/** The gravest first, otherwise as they come. `tried` are the nodes that somebody has tried to run. */
export function problemList(
  workflow: Workflow,
  catalog: Catalog,
  diagnostics: readonly Diagnostic[],
  run: Failed | null,
  tried: ReadonlySet<string> = NONE,
): ProblemEntry[] {
  const title = (id: string | null) => {
    const node = id === null ? undefined : workflow.nodes.get(id);
    return node ? titleOf(catalog, node) : (id ?? "");
  };
  const found = [...diagnostics.map((one, index) => fromDiagnostic(one, index, tried)), ...fromRun(run)];
  const all = found.map((problem) => ({ ...problem, title: title(problem.node) }));
  return all.sort((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));
}

type Untitled = Omit<ProblemEntry, "title">;

function fromDiagnostic(found: Diagnostic, index: number, tried: ReadonlySet<string>): Untitled {
  const { message, hint, node, code } = found;
  const isMissing = isOnlyMissing(found, node !== null && tried.has(node));
  const severity = isMissing ? "missing" : found.severity;
  return { key: `check ${index} ${code}`, severity, message, hint, node, origin: "check" };
}

function fromRun(run: Failed | null): Untitled[] {
  const problems: Untitled[] = [];
  for (const [node, { failure }] of run?.nodes ?? []) {
    if (!failure) continue;
    const { message, type, hint, traceback } = failure;
    // What a check has found before the run is in the list already, for as long as it is true.
    if (type === FINDING) continue;
    const text = type === "" || traceback === "" ? message : `${type}: ${message}`;
    problems.push({ key: `run ${node}`, severity: "error", message: text, hint, node, origin: "run" });
  }
  if (run && run.error !== "") {
    const { error } = run;
    problems.push({ key: "run", severity: "error", message: error, hint: "", node: null, origin: "run" });
  }
  return problems;
}
