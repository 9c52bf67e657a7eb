/** Secrets by name: added, replaced and removed. A value goes to the server and is never shown again. */

import { KeyRound, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { attempt } from "@/panels/attempts";
import styles from "@/panels/settings/Secrets.module.css";
import { deleteSecret, putSecret, useSecrets } from "@/state/secrets";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { IconButton } from "@/ui/IconButton";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/toasts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function Secrets() {
  const { secrets, status } = useSecrets();
  const [name, setName] = useState("");
  const [deleting, setDeleting] = useState<string | null>(null);
  return (
    <div className={styles.secrets}>
      <p className={styles.words}>
        A workflow refers to a secret by its name, so no file ever holds its value. Nodes read it as an
        environment variable or get it as an input.
      </p>
      <ul className={styles.list}>
        {secrets.map((secret) => (
          <li key={secret.name} className={styles.secret}>
            <KeyRound size={14} className={styles.icon} />
            <code className={styles.name}>{secret.name}</code>
            <Button variant="quiet" onClick={() => setName(secret.name)}>
              Replace
            </Button>
            <IconButton label={`Remove ${secret.name}`} onClick={() => setDeleting(secret.name)}>
              <Trash2 size={15} />
            </IconButton>
          </li>
        ))}
      </ul>
      {status === "away" && (
        <p className={styles.words}>The server is away. Its secrets show here when it is back.</p>
      )}
      {status === "ready" && secrets.length === 0 && (
        <p className={styles.words}>There are no secrets yet.</p>
      )}
      <SecretForm name={name} onName={setName} known={secrets.some((secret) => secret.name === name)} />
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={() => setDeleting(null)}
        title={`Remove ${deleting ?? ""}?`}
        description="Workflows that refer to it fail until it is added again."
        confirm="Remove"
        onConfirm={() => deleting !== null && attempt(() => deleteSecret(deleting))}
      />
    </div>
  );
}

interface SecretFormProps {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly known: boolean;
}

function SecretForm({ name, onName, known }: SecretFormProps) {
  const [value, setValue] = useState("");
  const [busy, setBusy] = useState(false);
  const isWrong = name !== "" && !NAME.test(name);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const done = await attempt(() => putSecret(name, value));
    setBusy(false);
    if (!done) return;
    toast.success(known ? `${name} has a new value.` : `${name} was added.`);
    setValue("");
    onName("");
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label="Name"
        value={name}
        onChange={onName}
        placeholder="OPENAI_API_KEY"
        problem={isWrong ? "Use letters, digits and underscores; begin with no digit." : ""}
      />
      <TextField
        label="Value"
        type="password"
        autoComplete="new-password"
        value={value}
        onChange={setValue}
      />
      <Button
        type="submit"
        variant="primary"
        busy={busy}
        disabled={busy || name === "" || isWrong || value === ""}
      >
        {known ? "Replace value" : "Add secret"}
      </Button>
    </form>
  );
}
