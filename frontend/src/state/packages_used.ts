/** Workflows as they are saved: with the node packages that they use. */

import type { WorkflowDocument } from "@/document/document";
import { dumpWorkflow } from "@/graph/file";
import { PACKAGES, withPackages } from "@/graph/packages";
import type { JsonObject, Workflow } from "@/graph/workflow";
import { currentCatalog, onCatalog } from "@/state/catalog";
import { currentPackages, packagesResource } from "@/state/packages";

/** Notes in an open workflow which packages it uses now: once they are gone, nobody could tell. */
export function recordPackages(document: WorkflowDocument): void {
  const { workflow } = document;
  const next = withPackages(workflow, currentCatalog(), currentPackages());
  if (next !== workflow) document.annotate(PACKAGES, next.extra[PACKAGES]);
}

/** The file of a workflow as it would be saved. */
export function fileOf(workflow: Workflow): JsonObject {
  return dumpWorkflow(withPackages(workflow, currentCatalog(), currentPackages()));
}

/** Has the list of packages there before a workflow that uses one is saved. Returns what ends it. */
export function followPackages(): () => void {
  const look = () => {
    const { status } = packagesResource.store.getState();
    const isNeeded = currentCatalog().schemas.some(({ origin }) => origin === "package");
    if (isNeeded && status === "loading") void packagesResource.refresh();
  };
  look();
  return onCatalog(look);
}
