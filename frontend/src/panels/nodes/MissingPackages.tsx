/** Says over the canvas that nodes of the workflow come from packages that are not here, and offers to install them. */

import { CircleOff, PackageX } from "lucide-react";
import { useMemo } from "react";
import { type ExtraOffer, nameInWords, neededExtras } from "@/graph/extras";
import {
  disabledOwner,
  disabledUses,
  missingPackages,
  type NamedPackage,
  unknownNodes,
} from "@/graph/packages";
import type { Workflow } from "@/graph/workflow";
import styles from "@/panels/nodes/MissingPackages.module.css";
import { useCatalog } from "@/state/catalog";
import { usePackages } from "@/state/packages";
import { enable, useChange } from "@/state/packages_change";
import { offer } from "@/state/packages_offer";
import { useWorkflow } from "@/state/session";
import { Button } from "@/ui/Button";
import type { PackageInfo } from "@/wire/shapes";

export interface MissingPackagesProps {
  /** Takes the focus when a button goes that was pressed. */
  readonly onEnable: () => void;
}

export function MissingPackages({ onEnable }: MissingPackagesProps) {
  const workflow = useWorkflow();
  const { catalog, status } = useCatalog();
  const isAny = useMemo(
    () => status === "ready" && unknownNodes(workflow, catalog).length > 0,
    [workflow, catalog, status],
  );
  // What is installed is asked for only where it matters.
  return isAny ? <Bars workflow={workflow} onEnable={onEnable} /> : null;
}

function Bars({ workflow, onEnable }: MissingPackagesProps & { readonly workflow: Workflow }) {
  const { catalog } = useCatalog();
  const { value, status } = usePackages();
  if (status === "loading") return null;
  return (
    <div className={styles.bars}>
      <MissingBar workflow={workflow} installed={value.nodes} />
      {disabledUses(workflow, catalog, value.nodes).map((use) => (
        <DisabledBar key={use.name} {...use} onEnable={onEnable} />
      ))}
    </div>
  );
}

interface DisabledBarProps extends MissingPackagesProps {
  readonly name: string;
  readonly count: number;
}

function DisabledBar({ name, count, onEnable }: DisabledBarProps) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const press = () => {
    onEnable();
    void enable(name);
  };
  return (
    <section className={styles.bar} aria-label={`${name} is disabled`}>
      <CircleOff size={16} className={styles.icon} aria-hidden />
      <p className={styles.words}>
        {count === 1 ? "1 node comes" : `${count} nodes come`} from the package {name}, which is disabled.
      </p>
      <Button variant="primary" disabled={changing} onClick={press}>
        Enable it
      </Button>
    </section>
  );
}

function MissingBar({ workflow, installed }: { workflow: Workflow; installed: readonly PackageInfo[] }) {
  const { catalog, failures } = useCatalog();
  const missing = useMemo(
    () => missingPackages(workflow, catalog, installed),
    [workflow, catalog, installed],
  );
  const extras = useMemo(() => neededExtras(workflow, catalog, failures), [workflow, catalog, failures]);
  if (missing.length + extras.length === 0) return null;
  const count = unknownNodes(workflow, catalog).filter((node) => !disabledOwner(node, installed)).length;
  const specs = [...extras, ...missing].map(({ spec }) => spec).filter((spec) => spec !== "");
  return (
    <section className={styles.bar} aria-label="Missing packages">
      <PackageX size={16} className={styles.icon} aria-hidden />
      <p className={styles.words}>
        {count === 1 ? "1 node is" : `${count} nodes are`} not known here. The workflow{" "}
        {needs(extras, missing)}.
      </p>
      {specs.length > 0 && (
        <Button variant="primary" onClick={() => offer(specs, reasonFor(extras))}>
          {labelOf(specs.length, extras.length)}
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

function needs(extras: readonly ExtraOffer[], missing: readonly NamedPackage[]): string {
  const libraries = extras.map(({ spec }) => nameInWords(spec)).join(", ");
  const parts = [libraries && `needs ${libraries}`, missing.length > 0 && `names ${words(missing)}`];
  return parts.filter(Boolean).join(", and ");
}

function reasonFor(extras: readonly ExtraOffer[]): string {
  return extras.length > 0 ? "The workflow needs this." : "The workflow names this package.";
}

function labelOf(count: number, extras: number): string {
  if (count > 1) return `Install all ${count} …`;
  return extras > 0 ? "Install them …" : "Install it …";
}
