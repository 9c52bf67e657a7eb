/** Libraries for a nodepack of Psynapse, installed beside the node packages. */

import { Trash2 } from "lucide-react";
import styles from "@/panels/nodes/PackageRow.module.css";
import { usePackages } from "@/state/packages";
import { useChange } from "@/state/packages_change";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/IconButton";
import type { PackageInfo } from "@/wire/shapes";

export interface ExtraRowProps {
  readonly info: PackageInfo;
  readonly onUninstall: (info: PackageInfo) => void;
}

export function ExtraRow({ info, onUninstall }: ExtraRowProps) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const { extras } = usePackages().value;
  const libraries = extras.find(({ name }) => name === info.extra)?.libraries ?? [];
  const title = `Libraries for ${info.extra}`;
  return (
    <li className={styles.row} aria-label={title}>
      <div className={styles.words}>
        <div className={styles.head}>
          <span className={styles.name}>{title}</span>
          <Badge>libraries</Badge>
        </div>
        <p className={styles.spec}>{info.spec}</p>
        <ul className={styles.brings} aria-label="Brings">
          {libraries.map((name) => (
            <li key={name}>
              <span className={styles.kind}>library</span> {name}
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.actions}>
        <IconButton
          label={`Uninstall the libraries for ${info.extra}`}
          disabled={changing}
          onClick={() => onUninstall(info)}
        >
          <Trash2 size={15} />
        </IconButton>
      </div>
    </li>
  );
}
