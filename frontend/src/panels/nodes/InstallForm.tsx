/** Where a package is asked for, in any form that a spec can have. It only asks what that would change. */

import { FolderOpen, Search } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import styles from "@/panels/nodes/InstallForm.module.css";
import { SPEC_EXAMPLES } from "@/panels/nodes/package_words";
import { useChange } from "@/state/packages_change";
import { look, usePlan } from "@/state/packages_plan";
import { typeWish, useWishes } from "@/state/packages_wish";
import { Button } from "@/ui/Button";
import { Switch } from "@/ui/Switch";
import { TextField } from "@/ui/TextField";
import { desktopFolders } from "@/widgets/desktop_folders";

export function InstallForm() {
  const { spec, from, waiting } = useWishes();
  const [pre, setPre] = useState(false);
  const [copied, setCopied] = useState(false);
  const asking = usePlan(({ plan }) => plan?.status === "asking");
  const changing = useChange(({ change }) => change?.outcome === "running");
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void look({ package: spec.trim(), editable: copied ? false : null, upgrade: false, pre });
  };
  return (
    <form ref={form} className={styles.form} onSubmit={submit}>
      <div className={styles.line}>
        <div className={styles.field}>
          <TextField
            label="Install a node package"
            placeholder="Name, Git address or folder"
            value={spec}
            onChange={typeWish}
            hint={hintOf(from, waiting.length)}
          />
        </div>
        <ChooseFolder />
        <Button
          type="submit"
          variant="primary"
          icon={<Search size={14} />}
          busy={asking}
          disabled={asking || changing || spec.trim() === ""}
        >
          Look at it
        </Button>
      </div>
      <details className={styles.more}>
        <summary>Examples and options</summary>
        <div className={styles.options}>
          <ul className={styles.examples} aria-label="Examples">
            {SPEC_EXAMPLES.map((example) => (
              <li key={example.spec}>
                <span className={styles.label}>{example.label}</span>
                <button
                  type="button"
                  className={styles.example}
                  onClick={() => choose(example.spec, form.current)}
                >
                  {example.spec}
                </button>
              </li>
            ))}
          </ul>
          <Switch
            label="Versions before a release"
            hint="Alphas, betas and release candidates count as well."
            checked={pre}
            onChange={setPre}
          />
          <Switch
            label="Copy folders"
            hint="A folder is used in place otherwise: its edits count after Reload."
            checked={copied}
            onChange={setCopied}
          />
        </div>
      </details>
    </form>
  );
}

function hintOf(from: string, waiting: number): string {
  if (from === "") return "Nothing is installed before you have seen what it changes.";
  const others = waiting === 0 ? "" : ` ${waiting} more after this one.`;
  return `${from}${others}`;
}

function choose(spec: string, form: HTMLFormElement | null): void {
  typeWish(spec);
  form?.querySelector("input")?.focus();
}

function ChooseFolder() {
  const [problem, setProblem] = useState("");
  const desktop = desktopFolders();
  if (!desktop) return null;
  const browse = async () => {
    setProblem("");
    try {
      const path = await desktop.browseDirectory("Choose the folder of a node package");
      if (path) typeWish(path);
    } catch {
      setProblem("The folder dialog could not be opened. Type the path instead.");
    }
  };
  return (
    <>
      <Button icon={<FolderOpen size={14} />} onClick={browse}>
        Choose a folder …
      </Button>
      {problem !== "" && <p role="alert">{problem}</p>}
    </>
  );
}
