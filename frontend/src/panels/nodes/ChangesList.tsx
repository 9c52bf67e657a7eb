/** What a change does to the distributions of the server: added, changed, removed. */

import { ArrowUp, Minus, Plus } from "lucide-react";
import styles from "@/panels/nodes/ChangesList.module.css";
import { isEmpty } from "@/panels/nodes/package_words";
import type { DistributionChanges } from "@/wire/shapes";

export function ChangesList({ changes }: { readonly changes: DistributionChanges }) {
  if (isEmpty(changes)) return <p className={styles.nothing}>No distribution changes.</p>;
  return (
    <ul className={styles.changes} aria-label="Changes">
      {changes.added.map(({ name, after }) => (
        <li key={name} data-kind="added">
          <Plus size={13} className={styles.icon} aria-hidden />
          <span className="visually-hidden">Added: </span>
          <code>{name}</code> {after}
        </li>
      ))}
      {changes.changed.map(({ name, before, after }) => (
        <li key={name} data-kind="changed">
          <ArrowUp size={13} className={styles.icon} aria-hidden />
          <span className="visually-hidden">Changed: </span>
          <code>{name}</code> {before} → {after}
        </li>
      ))}
      {changes.removed.map(({ name, before }) => (
        <li key={name} data-kind="removed">
          <Minus size={13} className={styles.icon} aria-hidden />
          <span className="visually-hidden">Removed: </span>
          <code>{name}</code> {before}
        </li>
      ))}
    </ul>
  );
}
