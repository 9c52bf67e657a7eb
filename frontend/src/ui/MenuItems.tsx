/** The rows of a menu. */

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Fragment } from "react";
import { classes } from "@/ui/class_names";
import { Kbd } from "@/ui/Kbd";
import styles from "@/ui/Menu.module.css";
import type { MenuAction, MenuItem } from "@/ui/menu_items";

export function MenuItems({ items }: { items: readonly MenuItem[] }) {
  const hasIcons = items.some((item) => item !== "separator" && (item.icon || item.checked !== undefined));
  return items.map((item, index) =>
    item === "separator" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: separators are only told apart by where they are
      <DropdownMenu.Separator key={index} className={styles.separator} />
    ) : (
      <Fragment key={item.id}>
        <Row item={item} hasIcons={hasIcons} />
      </Fragment>
    ),
  );
}

function Row({ item, hasIcons }: { item: MenuAction; hasIcons: boolean }) {
  const shared = {
    className: classes(styles.item, item.danger && styles.danger),
    disabled: item.disabled ?? false,
    onSelect: () => item.run(),
  };
  const content = (
    <>
      {hasIcons && <span className={styles.icon}>{item.checked ? <Check size={14} /> : item.icon}</span>}
      <span className={styles.title}>{item.title}</span>
      {item.keys !== undefined && <Kbd keys={item.keys} />}
    </>
  );
  if (item.checked === undefined) return <DropdownMenu.Item {...shared}>{content}</DropdownMenu.Item>;
  return (
    <DropdownMenu.CheckboxItem {...shared} checked={item.checked}>
      {content}
    </DropdownMenu.CheckboxItem>
  );
}
