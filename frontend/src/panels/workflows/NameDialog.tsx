/** Asks for the name of a workflow. */

import { type FormEvent, useState } from "react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

export interface NameDialogProps {
  readonly title: string;
  readonly description?: string;
  readonly initial: string;
  /** The verb on the button. */
  readonly confirm: string;
  /** Returns why the name will not do, or nothing. */
  readonly onName: (name: string) => Promise<string>;
  readonly onClose: () => void;
}

export function NameDialog({ title, description, initial, confirm, onName, onClose }: NameDialogProps) {
  const [name, setName] = useState(initial);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const wanted = name.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted === "" || busy) return;
    setBusy(true);
    const refusal = await onName(wanted);
    setBusy(false);
    if (refusal === "") onClose();
    else setProblem(refusal);
  };
  const change = (value: string) => {
    setProblem("");
    setName(value);
  };
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button variant="primary" type="submit" form="name-form" busy={busy} disabled={wanted === "" || busy}>
        {confirm}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      {...(description === undefined ? {} : { description })}
      size="small"
      footer={footer}
    >
      <form id="name-form" onSubmit={submit}>
        <TextField label="Name" value={name} onChange={change} problem={problem} maxLength={200} />
      </form>
    </Dialog>
  );
}
