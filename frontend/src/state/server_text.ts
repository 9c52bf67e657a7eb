/** Workflows as the server sends them, and whether they are what we have. */

import { isSameJson } from "@/document/same_json";
import { dumpWorkflow, parseWorkflow } from "@/graph/file";
import { EMPTY_WORKFLOW, type Workflow } from "@/graph/workflow";
import type { Theirs } from "@/state/session_store";
import type { Revised } from "@/wire/shapes";

export function theirsOf({ revision, workflow }: Revised): Theirs {
  try {
    return { revision, workflow: parseWorkflow(workflow), isReadable: true };
  } catch {
    return { revision, workflow: EMPTY_WORKFLOW, isReadable: false };
  }
}

/** The server rounds coordinates. */
const NEAR = 0.51;

export function isSameWorkflow(one: Workflow, other: Workflow): boolean {
  // The packages are those of the place where it was saved.
  const { layout: oneLayout, notes: oneNotes, packages: _, ...oneRest } = dumpWorkflow(one);
  const { layout: otherLayout, notes: otherNotes, packages: __, ...otherRest } = dumpWorkflow(other);
  return (
    isSameJson(oneRest, otherRest) &&
    isSameJson(oneLayout, otherLayout, NEAR) &&
    isSameJson(oneNotes, otherNotes, NEAR)
  );
}
