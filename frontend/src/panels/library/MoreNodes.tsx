/** Nodepacks that came with Psynapse and need libraries that are not installed: offers, not failures. */

import { PackagePlus } from "lucide-react";
import { type ExtraOffer, nameInWords } from "@/graph/extras";
import styles from "@/panels/library/MoreNodes.module.css";
import { usePackages } from "@/state/packages";
import { offer } from "@/state/packages_offer";
import { Button } from "@/ui/Button";

export function MoreNodes({ offers }: { readonly offers: readonly ExtraOffer[] }) {
  if (offers.length === 0) return null;
  return <Offers offers={offers} />;
}

function Offers({ offers }: { readonly offers: readonly ExtraOffer[] }) {
  const { extras } = usePackages().value;
  return (
    <section className={styles.more} aria-labelledby="more-nodes">
      <h3 id="more-nodes" className={styles.title}>
        More nodes
      </h3>
      <ul>
        {offers.map((one) => (
          <Row
            key={`${one.pack} ${one.extra}`}
            offered={one}
            missing={extras.find(({ name }) => name === one.extra)?.missing}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly offered: ExtraOffer;
  /** Not known before the list of packages has come. */
  readonly missing: readonly string[] | undefined;
}

function Row({ offered: { pack, spec }, missing }: RowProps) {
  const reason = `The nodes of “${pack}” need these libraries.`;
  return (
    <li className={styles.row} title={missing?.join(", ")}>
      <PackagePlus size={15} className={styles.icon} aria-hidden />
      <span className={styles.words}>
        <span className={styles.pack}>{pack}</span>
        <span className={styles.needs}>{needsOf(missing)}</span>
      </span>
      <Button aria-label={`Add ${nameInWords(spec)}`} onClick={() => offer([spec], reason)}>
        Add …
      </Button>
    </li>
  );
}

function needsOf(missing: readonly string[] | undefined): string {
  if (missing === undefined) return "needs more libraries";
  if (missing.length === 0) return "its libraries cannot be loaded";
  return missing.length === 1 ? "needs 1 more library" : `needs ${missing.length} more libraries`;
}
