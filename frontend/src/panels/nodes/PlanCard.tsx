/** What an installation would do, before it is agreed to: where the package comes from, and what changes. */

import { ShieldAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { isExtra, nameInWords } from "@/graph/extras";
import { ChangesList } from "@/panels/nodes/ChangesList";
import styles from "@/panels/nodes/PlanCard.module.css";
import { ProblemBlock } from "@/panels/nodes/ProblemBlock";
import { isEmpty, originOf, shortCommit } from "@/panels/nodes/package_words";
import { useChange } from "@/state/packages_change";
import { carryOutPlan, dropPlan, look, type Plan, usePlan } from "@/state/packages_plan";
import { Button } from "@/ui/Button";
import { Spinner } from "@/ui/Spinner";
import type { Preview } from "@/wire/shapes";

export function PlanCard() {
  const plan = usePlan((state) => state.plan);
  return plan && <Card key={`${plan.wish.package} ${plan.wish.upgrade}`} plan={plan} />;
}

function Card({ plan }: { plan: Plan }) {
  const card = useRef<HTMLElement>(null);
  const isAsking = plan.status === "asking";
  useEffect(() => {
    if (!isAsking) card.current?.focus();
  }, [isAsking]);
  return (
    <section
      ref={card}
      className={styles.card}
      tabIndex={-1}
      aria-label="What would change"
      data-status={plan.status}
    >
      <Content plan={plan} />
      <Actions plan={plan} />
    </section>
  );
}

function Content({ plan }: { plan: Plan }) {
  const { status, preview, problem, name } = plan;
  if (status === "asking") {
    return (
      <p className={styles.asking} role="status">
        <Spinner /> Looking what {nameInWords(name)} would change …
      </p>
    );
  }
  if (status === "refused") return problem && <ProblemBlock problem={problem} />;
  if (status === "unknown" || !preview) return <NotKnown plan={plan} />;
  return <Known plan={plan} preview={preview} />;
}

function Known({ plan, preview }: { plan: Plan; preview: Preview }) {
  const { package: wanted, changes, held_back } = preview;
  return (
    <>
      <h3 className={styles.title}>{titleOf(plan, preview)}</h3>
      {wanted && (
        <dl className={styles.origin}>
          {originOf(wanted).map(([term, words]) => (
            <Fact key={term} term={term} words={words} />
          ))}
          {wanted.commit !== "" && (
            <Fact term="Commit" words={shortCommit(wanted.commit)} title={wanted.commit} />
          )}
          {wanted.editable && <Fact term="How" words="In place: edits of its files count after Reload" />}
        </dl>
      )}
      <ChangesList changes={changes} />
      {held_back.length > 0 && (
        <ul className={styles.held} aria-label="Held back">
          {held_back.map(({ name, version, newest, because }) => (
            <li key={name}>
              <code>{name}</code> stays at {version}, although there is {newest}
              {because.length > 0 && <>: {because.join(", ")}</>}.
            </li>
          ))}
        </ul>
      )}
      <Trust />
    </>
  );
}

function Fact({ term, words, title }: { term: string; words: string; title?: string }) {
  return (
    <div className={styles.fact}>
      <dt>{term}</dt>
      <dd title={title}>{words}</dd>
    </div>
  );
}

function NotKnown({ plan: { name, problem } }: { plan: Plan }) {
  return (
    <>
      <h3 className={styles.title}>What {name} brings is not known yet</h3>
      <p>
        It says so only when its own build code runs, and looking runs nobody's code. You can install it all
        the same: where it does not fit, nothing is changed.
      </p>
      {problem?.hint && <p className={styles.quiet}>{problem.hint}</p>}
      <Trust />
    </>
  );
}

function Trust() {
  return (
    <p className={styles.trust}>
      <ShieldAlert size={14} className={styles.icon} aria-hidden />
      Node packages run with your rights. Install what you trust.
    </p>
  );
}

function titleOf({ wish, name }: Plan, { package: wanted, changes }: Preview): string {
  if (wanted && isExtra(wanted.spec)) return extraTitle(nameInWords(wanted.spec), wish, changes);
  const known = wanted?.name || name;
  const change = [...changes.changed, ...changes.added].find((one) => one.name === wanted?.name);
  const version = change?.after ?? wanted?.version ?? "";
  const full = version === "" ? known : `${known} ${version}`;
  if (wish.upgrade) return isEmpty(changes) ? `${known} is up to date` : `Update ${known} to ${version}?`;
  return isEmpty(changes) ? `${full} is installed already` : `Install ${full}?`;
}

function extraTitle(libraries: string, { upgrade }: Plan["wish"], changes: Preview["changes"]): string {
  if (isEmpty(changes)) return `Nothing to do: ${libraries} are there already`;
  return `${upgrade ? "Update" : "Install"} ${libraries}?`;
}

function Actions({ plan }: { plan: Plan }) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const { status, preview, wish, name } = plan;
  const isNothing = preview !== null && isEmpty(preview.changes);
  return (
    <div className={styles.actions}>
      <Button onClick={dropPlan}>{status === "asking" || !isNothing ? "Not now" : "Close"}</Button>
      {status === "refused" && <Button onClick={() => void look(wish, name)}>Look again</Button>}
      {(status === "known" || status === "unknown") && (
        <Button
          variant={isNothing ? "plain" : "primary"}
          disabled={changing}
          onClick={() => void carryOutPlan()}
        >
          {isNothing ? "Install again" : wish.upgrade ? "Update" : "Install"}
        </Button>
      )}
    </div>
  );
}
