/** The generations of node packages: what each changed, and going back to one. */

import { ChevronRight, History as HistoryIcon } from "lucide-react";
import { useId, useState } from "react";
import { timeInWords, timeOf } from "@/panels/history/time_words";
import { ChangesList } from "@/panels/nodes/ChangesList";
import styles from "@/panels/nodes/History.module.css";
import { useGenerations } from "@/state/packages";
import { goBackTo, useChange } from "@/state/packages_change";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import type { GenerationInfo, GenerationList } from "@/wire/shapes";

export function History() {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section className={styles.history} aria-label="History">
      <button
        type="button"
        className={styles.title}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <ChevronRight size={14} className={styles.arrow} />
        History
      </button>
      <div id={id}>{open && <Generations />}</div>
    </section>
  );
}

function Generations() {
  const { value, status, problem } = useGenerations();
  const [chosen, setChosen] = useState<GenerationInfo | null>(null);
  if (status === "away") return <p className={styles.quiet}>The history cannot be shown now. {problem}</p>;
  return (
    <>
      <ol className={styles.list} aria-label="Generations, the newest first">
        {value.generations.map((generation) => (
          <Generation key={generation.id} generation={generation} onChoose={setChosen} />
        ))}
      </ol>
      {chosen && <GoBackDialog chosen={chosen} all={value} onClose={() => setChosen(null)} />}
    </>
  );
}

interface GenerationProps {
  readonly generation: GenerationInfo;
  readonly onChoose: (generation: GenerationInfo) => void;
}

function Generation({ generation, onChoose }: GenerationProps) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const { id, current, created_at, changes } = generation;
  const title = titleOf(generation);
  return (
    <li className={styles.generation} aria-label={title}>
      <div className={styles.words}>
        <div className={styles.head}>
          <span className={styles.name}>{title}</span>
          {current && <Badge tone="success">now</Badge>}
          {created_at !== "" && (
            <time className={styles.quiet} dateTime={created_at} title={timeOf(created_at).toLocaleString()}>
              {timeInWords(created_at)}
            </time>
          )}
        </div>
        {id !== 0 && <ChangesList changes={changes} />}
      </div>
      {!current && (
        <Button icon={<HistoryIcon size={14} />} disabled={changing} onClick={() => onChoose(generation)}>
          Go back to this
        </Button>
      )}
    </li>
  );
}

interface GoBackDialogProps {
  readonly chosen: GenerationInfo;
  readonly all: GenerationList;
  readonly onClose: () => void;
}

function GoBackDialog({ chosen, all, onClose }: GoBackDialogProps) {
  const now = all.generations.find(({ current }) => current)?.packages ?? [];
  const comes = chosen.packages.filter((spec) => !now.includes(spec));
  const goes = now.filter((spec) => !chosen.packages.includes(spec));
  const parts = [
    `It needs no network and takes a moment. Generation ${chosen.id} is used as it was then, with the versions of then.`,
    comes.length > 0 ? `Comes back: ${comes.join(", ")}.` : "",
    goes.length > 0 ? `Goes: ${goes.join(", ")}.` : "",
    "What is there now stays in the history.",
  ];
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Go back to “${titleOf(chosen)}”?`}
      description={parts.filter(Boolean).join(" ")}
      confirm="Go back"
      tone="primary"
      onConfirm={() => void goBackTo(chosen.id)}
    />
  );
}

function titleOf({ id, summary }: GenerationInfo): string {
  return id === 0 ? "No node packages" : `${id} · ${summary}`;
}
