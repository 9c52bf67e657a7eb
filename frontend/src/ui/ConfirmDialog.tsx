/** A question before something that cannot be taken back. */

import type { ReactNode } from "react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** What will happen. */
  readonly description: ReactNode;
  /** The verb on the button. */
  readonly confirm: string;
  readonly tone?: "primary" | "danger";
  readonly onConfirm: () => void;
}

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirm,
  tone = "danger",
  onConfirm,
}: ConfirmDialogProps) {
  const agree = () => {
    onOpenChange(false);
    onConfirm();
  };
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>Cancel</Button>
      <Button variant={tone} onClick={agree}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      size="small"
      footer={footer}
    />
  );
}
