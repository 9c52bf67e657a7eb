/** Why a node package cannot be had: in our words, with what is at fault, and what others said about it folded away. */

import { CircleX, Copy } from "lucide-react";
import type { ReactNode } from "react";
import styles from "@/panels/nodes/ProblemBlock.module.css";
import { problemTitle } from "@/panels/nodes/package_words";
import { Folding } from "@/panels/status/Folding";
import type { ChangeProblem } from "@/state/packages_change_steps";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { MessageText } from "@/ui/MessageText";
import { Traceback } from "@/ui/Traceback";
import { toast } from "@/ui/toasts";

export interface ProblemBlockProps {
  readonly problem: ChangeProblem;
  readonly children?: ReactNode;
}

export function ProblemBlock({ problem, children }: ProblemBlockProps) {
  const { code, message, hint, culprits, explanation, traceback } = problem;
  return (
    <div className={styles.problem} role="alert">
      <p className={styles.title}>
        <CircleX size={15} className={styles.icon} />
        {problemTitle(code)}
      </p>
      <p>
        <MessageText>{message}</MessageText>
      </p>
      {hint !== "" && (
        <p className={styles.hint}>
          <MessageText>{hint}</MessageText>
        </p>
      )}
      {culprits.length > 0 && (
        <ul className={styles.culprits} aria-label="At fault">
          {culprits.map((name) => (
            <li key={name}>
              <Badge tone="danger">{name}</Badge>
            </li>
          ))}
        </ul>
      )}
      {traceback !== "" && <CopiedText title="Traceback" text={traceback} open />}
      {explanation !== "" && <CopiedText title="What uv says" text={explanation} />}
      {children}
    </div>
  );
}

interface CopiedTextProps {
  readonly title: string;
  readonly text: string;
  readonly open?: boolean;
}

/** A long text that can be folded away and copied. */
export function CopiedText({ title, text, open = false }: CopiedTextProps) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast.success("Copied.");
  };
  return (
    <Folding title={title} open={open}>
      {() => (
        <div className={styles.text}>
          <Traceback text={text} />
          <Button icon={<Copy size={14} />} onClick={copy}>
            Copy
          </Button>
        </div>
      )}
    </Folding>
  );
}
