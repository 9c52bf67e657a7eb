/** Says over the canvas that nodes of the workflow come from packages that are not here, and offers to install them. */

import { PackageX } from "lucide-react";
import { useMemo } from "react";
import { missingPackages, type NamedPackage, unknownNodes } from "@/graph/packages";
import styles from "@/panels/nodes/MissingPackages.module.css";
import { useCatalog } from "@/state/catalog";
import { runCommand } from "@/state/commands_table";
import { look } from "@/state/packages_plan";
import { wish } from "@/state/packages_wish";
import { useWorkflow } from "@/state/session";
import { Button } from "@/ui/Button";

export function MissingPackages() {
  const workflow = useWorkflow();
  const { catalog, status } = useCatalog();
  const missing = useMemo(
    () => (status === "ready" ? missingPackages(workflow, catalog) : []),
    [workflow, catalog, status],
  );
  if (missing.length === 0) return null;
  const count = unknownNodes(workflow, catalog).length;
  const offered = missing.filter(({ spec }) => spec !== "");
  return (
    <section className={styles.bar} aria-label="Missing packages">
      <PackageX size={16} className={styles.icon} aria-hidden />
      <p className={styles.words}>
        {count === 1 ? "1 node is" : `${count} nodes are`} not known here. The workflow names {words(missing)}
        .
      </p>
      {offered.length > 0 && (
        <Button variant="primary" onClick={() => offer(offered)}>
          {offered.length === 1 ? "Install it …" : `Install ${offered.length} packages …`}
        </Button>
      )}
    </section>
  );
}

function words(missing: readonly NamedPackage[]): string {
  return missing
    .map(({ name, version, spec }) => {
      const known = version === "" ? name : `${name} ${version}`;
      return spec === "" ? `${known} (from a folder elsewhere)` : known;
    })
    .join(", ");
}

/** Each is looked at, and agreed to, one after the other. */
function offer(offered: readonly NamedPackage[]): void {
  const specs = offered.map(({ spec }) => spec);
  wish(specs, "The workflow names this package.", true);
  runCommand("nodes.show");
  const [first] = specs;
  if (first !== undefined) void look({ package: first, editable: null, upgrade: false, pre: false });
}
