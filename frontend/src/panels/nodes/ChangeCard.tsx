/** The change that goes on, step by step, and how it ended. */

import { Check, CircleCheck, CircleHelp, CircleX } from "lucide-react";
import { useState } from "react";
import styles from "@/panels/nodes/ChangeCard.module.css";
import { CopiedText, ProblemBlock } from "@/panels/nodes/ProblemBlock";
import { asSentence, hasPhases, PHASES, phaseOf, titleOf } from "@/panels/nodes/package_words";
import { Folding } from "@/panels/status/Folding";
import { ProgressBar } from "@/panels/status/ProgressBar";
import { runCommand } from "@/state/commands_table";
import { cancel, dismissChange, useChange } from "@/state/packages_change";
import type { PackageChange } from "@/state/packages_change_steps";
import { Button } from "@/ui/Button";

export function ChangeCard() {
  const change = useChange((state) => state.change);
  if (!change) return null;
  return (
    <section className={styles.card} aria-label={titleOf(change)} data-outcome={change.outcome}>
      {change.outcome === "running" ? <Running change={change} /> : <Over change={change} />}
    </section>
  );
}

function Running({ change }: { change: PackageChange }) {
  return (
    <>
      <div className={styles.head}>
        <h3 className={styles.title}>{titleOf(change)}</h3>
        <CancelButton change={change} />
      </div>
      {hasPhases(change) && <Phases at={phaseOf(change.step)} />}
      <ProgressBar label={titleOf(change)} fraction={change.fraction} message={change.message} />
      <Lines lines={change.lines} />
    </>
  );
}

function Phases({ at }: { at: number }) {
  return (
    <ol className={styles.phases}>
      {PHASES.map(({ label }, index) => (
        <li key={label} data-done={index < at || undefined} aria-current={index === at ? "step" : undefined}>
          {index < at ? <Check size={12} aria-label="done" /> : <span className={styles.dot} aria-hidden />}
          {label}
        </li>
      ))}
    </ol>
  );
}

function CancelButton({ change }: { change: PackageChange }) {
  const [asked, setAsked] = useState(false);
  if (!change.cancellable) return null;
  const ask = async () => {
    setAsked(true);
    await cancel();
    setAsked(false);
  };
  return (
    <Button busy={asked} onClick={ask}>
      Cancel
    </Button>
  );
}

function Over({ change }: { change: PackageChange }) {
  const { outcome, problem, message, lines } = change;
  return (
    <>
      {outcome === "failed" && problem ? (
        <>
          <h3 className={styles.title}>{titleOf(change)}</h3>
          <ProblemBlock problem={problem} />
          <p className={styles.quiet}>Nothing has changed.</p>
        </>
      ) : (
        <div className={styles.end}>
          <Icon outcome={outcome} />
          <p role="status">{outcome === "unknown" ? UNKNOWN : asSentence(message)}</p>
          {outcome === "succeeded" && <Actions change={change} />}
        </div>
      )}
      {outcome !== "succeeded" && lines.length > 0 && <CopiedText title="Log" text={lines.join("\n")} />}
      {outcome !== "succeeded" && <Actions change={change} />}
    </>
  );
}

const UNKNOWN =
  "The server went away before it said how this ended. What is installed is shown below when it is back.";

function Icon({ outcome }: { outcome: PackageChange["outcome"] }) {
  if (outcome === "succeeded") return <CircleCheck size={16} className={styles.succeeded} />;
  if (outcome === "unknown") return <CircleHelp size={16} className={styles.unknown} />;
  return <CircleX size={16} className={styles.cancelled} />;
}

function Actions({ change }: { change: PackageChange }) {
  const again = useChange((state) => state.again);
  const needsRestart = useChange((state) => state.needsRestart);
  const isDone = change.outcome === "succeeded";
  return (
    <div className={styles.actions}>
      <Button onClick={dismissChange}>{isDone ? "Close" : "Put away"}</Button>
      {!isDone && again && <Button onClick={again}>Try again</Button>}
      {isDone && needsRestart && (
        <Button variant="primary" onClick={() => runCommand("app.restart")}>
          Restart the server …
        </Button>
      )}
    </div>
  );
}

const SHOWN_LINES = 60;

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <Folding title="Log" count={lines.length}>
      {() => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus there are no keys to scroll with
        <section className={styles.lines} tabIndex={0} aria-label="Log">
          <pre>{lines.slice(-SHOWN_LINES).join("\n")}</pre>
        </section>
      )}
    </Folding>
  );
}
