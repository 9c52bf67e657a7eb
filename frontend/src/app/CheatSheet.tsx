/** All keys, by group. Made from the command table, so it tells the truth. */

import styles from "@/app/CheatSheet.module.css";
import { grouped } from "@/graph/grouping";
import { useCommands } from "@/state/commands_table";
import { Dialog } from "@/ui/Dialog";
import { Kbd } from "@/ui/Kbd";

export function CheatSheet({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const commands = useCommands().filter(({ keys }) => keys !== undefined && keys.length > 0);
  const groups = [...grouped(commands, ({ group }) => group)];
  return (
    <Dialog open onOpenChange={onOpenChange} title="Keyboard shortcuts" size="large" isText>
      <div className={styles.groups}>
        {groups.map(([group, list]) => (
          <section key={group} className={styles.group}>
            <h3 className={styles.title}>{group}</h3>
            <dl className={styles.list}>
              {list.map(({ id, title, keys = [] }) => (
                <div key={id} className={styles.row}>
                  <dt className={styles.what}>{title}</dt>
                  <dd className={styles.keys}>{keys[0] !== undefined && <Kbd keys={keys[0]} />}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
