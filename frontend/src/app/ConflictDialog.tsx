/** A workflow was changed here and elsewhere: shows what differs, and lets the user choose. */

import { type ReactNode, useMemo, useState } from "react";
import styles from "@/app/ConflictDialog.module.css";
import { type Comparison, compareWorkflows, type Difference } from "@/app/compare_workflows";
import { closeDialog } from "@/app/dialogs";
import { tabName } from "@/app/tab_words";
import { saveUnder } from "@/app/workflow_actions";
import type { Workflow } from "@/graph/workflow";
import { attempt } from "@/panels/attempts";
import { GraphPicture } from "@/panels/GraphPicture";
import { useCatalog } from "@/state/catalog";
import { keepMine, type Tab, type Theirs, takeTheirs } from "@/state/session";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";
import { counted } from "@/widgets/counting";

export function ConflictDialog({ tab }: { tab: Tab }) {
  if (!tab.conflict) return null;
  const { theirs } = tab.conflict;
  const { what, why } = wordsFor(theirs);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeDialog()}
      title={`“${tabName(tab)}” ${what}`}
      description={why}
      size="large"
    >
      {theirs?.isReadable && <Versions mine={tab.document.workflow} theirs={theirs.workflow} />}
      <Choices tab={tab} theirs={theirs} />
    </Dialog>
  );
}

function wordsFor(theirs: Theirs | null) {
  if (!theirs) {
    return { what: "was deleted elsewhere", why: "Its file is gone on the server. You still have it here." };
  }
  return theirs.isReadable
    ? {
        what: "was changed elsewhere",
        why: "The server has other edits than you. Nothing is lost until you choose.",
      }
    : {
        what: "cannot be read any more",
        why: "Its file on the server is no workflow now. You still have it here.",
      };
}

function Versions({ mine, theirs }: { mine: Workflow; theirs: Workflow }) {
  const { catalog } = useCatalog();
  const comparison = useMemo(() => compareWorkflows(mine, theirs, catalog), [mine, theirs, catalog]);
  return (
    <>
      <div className={styles.versions}>
        <Version title="Yours" workflow={mine} comparison={comparison} />
        <Version title="On the server" workflow={theirs} comparison={comparison} />
      </div>
      <ul className={styles.differences} aria-label="What differs">
        <Names comparison={comparison} difference="only-mine" words="Only in yours" />
        <Names comparison={comparison} difference="only-theirs" words="Only on the server" />
        <Names comparison={comparison} difference="changed" words="Not the same" />
        <Names comparison={comparison} difference="moved" words="Only placed differently" />
        <Edges comparison={comparison} />
        {comparison.rest && <li>The description or other fields of the file differ.</li>}
      </ul>
    </>
  );
}

interface VersionProps {
  readonly title: string;
  readonly workflow: Workflow;
  readonly comparison: Comparison;
}

function Version({ title, workflow, comparison }: VersionProps) {
  return (
    <figure className={styles.version}>
      <figcaption className={styles.caption}>
        <strong>{title}</strong>
        <span>
          {counted(workflow.nodes.size, "node")}, {counted(workflow.edges.size, "edge")}
        </span>
      </figcaption>
      <GraphPicture label={`${title}, drawn small`} workflow={workflow} marked={comparison.byId} />
    </figure>
  );
}

const MOST_NAMED = 12;

function Names({ comparison, difference, words }: NamesProps) {
  const names = comparison.items.filter((item) => item.difference === difference).map(({ title }) => title);
  if (names.length === 0) return null;
  const rest = names.length - MOST_NAMED;
  return (
    <li data-difference={difference} className={styles.difference}>
      <strong>
        {words} ({names.length}):
      </strong>{" "}
      {names.slice(0, MOST_NAMED).join(", ")}
      {rest > 0 && ` and ${rest} more`}
    </li>
  );
}

interface NamesProps {
  readonly comparison: Comparison;
  readonly difference: Difference;
  readonly words: string;
}

function Edges({ comparison: { edgesOnlyMine, edgesOnlyTheirs } }: { comparison: Comparison }) {
  if (edgesOnlyMine + edgesOnlyTheirs === 0) return null;
  return (
    <li>
      <strong>Edges:</strong> {edgesOnlyMine} only in yours, {edgesOnlyTheirs} only on the server
    </li>
  );
}

function Choices({ tab, theirs }: { tab: Tab; theirs: Theirs | null }) {
  const deleted = theirs === null;
  const [copy, setCopy] = useState(`${tabName(tab)} copy`);
  const [problem, setProblem] = useState("");
  const settle = async (action: () => unknown) => {
    if (await attempt(async () => action())) closeDialog();
  };
  const asCopy = async () => {
    const reason = await saveUnder(tab.id, copy.trim());
    if (reason === "") closeDialog();
    else setProblem(reason);
  };
  return (
    <div className={styles.choices}>
      <Choice
        words={
          deleted ? "Save yours again under the same name." : "What the server has is replaced by yours."
        }
      >
        <Button onClick={() => settle(() => keepMine(tab.id))}>Keep mine</Button>
      </Choice>
      {(deleted || theirs.isReadable) && (
        <Choice words={deleted ? "The tab is closed." : "Yours is put aside; undo brings it back."}>
          <Button onClick={() => settle(() => takeTheirs(tab.id))}>
            {deleted ? "Close it" : "Take theirs"}
          </Button>
        </Choice>
      )}
      <Choice words="Both are kept.">
        <TextField label="Name of the copy" value={copy} onChange={setCopy} problem={problem} />
        <Button variant="primary" disabled={copy.trim() === ""} onClick={asCopy}>
          Save mine as a copy
        </Button>
      </Choice>
    </div>
  );
}

function Choice({ words, children }: { words: string; children: ReactNode }) {
  return (
    <div className={styles.choice}>
      <p className={styles.words}>{words}</p>
      {children}
    </div>
  );
}
