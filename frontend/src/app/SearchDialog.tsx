/** A field to type into over a list to choose from: the look of the command palette and of finding. */

import { Command } from "cmdk";
import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import styles from "@/app/SearchDialog.module.css";

export interface SearchDialogProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onClose: () => void;
  /** What is said when the list is empty. */
  readonly empty: string;
  readonly children: ReactNode;
}

export function SearchDialog({
  label,
  placeholder,
  value,
  onChange,
  onClose,
  empty,
  children,
}: SearchDialogProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content className={styles.dialog} aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{label}</Dialog.Title>
          <Command label={label} shouldFilter={false} loop>
            <div className={styles.field}>
              <Search size={16} className={styles.icon} />
              <Command.Input
                className={styles.input}
                value={value}
                onValueChange={onChange}
                placeholder={placeholder}
              />
            </div>
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>{empty}</Command.Empty>
              {children}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
