/** Why a node failed: the message, what to do, and the way through the code. */

import { ChevronRight, Copy, PackagePlus } from "lucide-react";
import { nameInWords } from "@/graph/extras";
import styles from "@/panels/status/FailureBlock.module.css";
import { offer } from "@/state/packages_offer";
import type { Failure } from "@/state/run_state";
import { Button } from "@/ui/Button";
import { MessageText } from "@/ui/MessageText";
import { Traceback } from "@/ui/Traceback";
import { toast } from "@/ui/toasts";

export function FailureBlock({ failure, open = false }: { failure: Failure; open?: boolean }) {
  const { message, type, traceback, hint, port } = failure;
  const copy = async () => {
    await navigator.clipboard.writeText(traceback || `${type}: ${message}`);
    toast.success("Copied.");
  };
  return (
    <div className={styles.failure}>
      <p className={styles.message}>
        {/* Where there is no code to look at, the type is that of a check and says nothing. */}
        {type !== "" && traceback !== "" && <strong>{type}: </strong>}
        {traceback === "" ? <MessageText>{message}</MessageText> : message}
      </p>
      {port !== null && <p className={styles.hint}>At the input “{port}”.</p>}
      {hint !== "" && (
        <p className={styles.hint}>
          <MessageText>{hint}</MessageText>
        </p>
      )}
      <LibrariesOffer text={`${message} ${hint}`} />
      {traceback !== "" && (
        <details className={styles.details} open={open}>
          <summary className={styles.summary}>
            <ChevronRight size={12} className={styles.arrow} />
            Traceback
          </summary>
          <Traceback text={traceback} />
          <Button icon={<Copy size={14} />} onClick={copy}>
            Copy
          </Button>
        </details>
      )}
    </div>
  );
}

/** Some nodes learn only when they run that a library is missing; they say which extra brings it. */
function LibrariesOffer({ text }: { text: string }) {
  const spec = /\bpip install ["']?(psynapse\[[\w.-]+\])/.exec(text)?.[1];
  if (spec === undefined) return null;
  return (
    <Button icon={<PackagePlus size={14} />} onClick={() => offer([spec], "A node needs these libraries.")}>
      Add {nameInWords(spec)} …
    </Button>
  );
}
