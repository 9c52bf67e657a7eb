/** The items of one pack, which can be folded away. */

import { ChevronRight } from "lucide-react";
import { useId } from "react";
import styles from "@/panels/library/LibraryGroup.module.css";
import { LibraryRow, type LibraryRowProps } from "@/panels/library/LibraryRow";
import { type LibraryGroup as Group, itemKey } from "@/panels/library/library_items";
import { setFlag, useSettings } from "@/state/settings";

export interface LibraryGroupProps {
  readonly group: Group;
  readonly onDescribe: LibraryRowProps["onDescribe"];
}

export function LibraryGroup({ group, onDescribe }: LibraryGroupProps) {
  const id = useId();
  const flag = `library.folded.${group.id}`;
  const folded = useSettings(({ flags }) => flags[flag] ?? false);
  return (
    <div className={styles.group}>
      <button
        type="button"
        className={styles.header}
        aria-expanded={!folded}
        aria-controls={id}
        onClick={() => setFlag(flag, !folded)}
      >
        <ChevronRight size={14} className={styles.arrow} />
        <span className={styles.title}>{group.title}</span>
        <span className={styles.count}>{group.items.length}</span>
      </button>
      {!folded && (
        <ul id={id}>
          {group.items.map((item) => (
            <li key={itemKey(item)}>
              <LibraryRow item={item} onDescribe={onDescribe} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
