/** Adds a row to a list or an object. */

import { Plus } from "lucide-react";
import styles from "@/widgets/ListWidget.module.css";

export interface AddButtonProps {
  readonly label: string;
  readonly text: string;
  readonly compact?: boolean | undefined;
  readonly disabled?: boolean;
  onClick(): void;
}

export function AddButton({ label, text, compact, disabled, onClick }: AddButtonProps) {
  return (
    <button
      type="button"
      className={styles.add}
      data-add
      data-compact={compact || undefined}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Plus size={12} aria-hidden />
      {text}
    </button>
  );
}
