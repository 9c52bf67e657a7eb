/** Keys, drawn as keys. */

import styles from "@/ui/Kbd.module.css";
import { keyNames } from "@/ui/key_names";

export interface KbdProps {
  /** As in the command table: `$mod+k`. */
  readonly keys: string;
}

export function Kbd({ keys }: KbdProps) {
  const names = keyNames(keys).flat();
  return (
    <span className={styles.keys}>
      {names.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same key may be pressed twice
        <kbd key={index} className={styles.key}>
          {name}
        </kbd>
      ))}
    </span>
  );
}
