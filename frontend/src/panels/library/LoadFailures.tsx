/** Nodepack files and functions that could not become nodes, and why. */

import { Copy, RotateCw, TriangleAlert } from "lucide-react";
import styles from "@/panels/library/LoadFailures.module.css";
import { IconButton } from "@/ui/IconButton";
import { Traceback } from "@/ui/Traceback";
import { toast } from "@/ui/toasts";
import type { LoadFailure } from "@/wire/shapes";

export interface LoadFailuresProps {
  readonly failures: readonly LoadFailure[];
  readonly onRetry: () => void;
}

export function LoadFailures({ failures, onRetry }: LoadFailuresProps) {
  if (failures.length === 0) return null;
  return (
    <section className={styles.failures} aria-label="Could not be loaded">
      <header className={styles.header}>
        <TriangleAlert size={14} className={styles.icon} />
        <h3 className={styles.title}>{failures.length} could not be loaded</h3>
        <IconButton label="Load again" size="small" onClick={onRetry}>
          <RotateCw size={14} />
        </IconButton>
      </header>
      {failures.map((failure) => (
        <Failure key={`${failure.filepath}:${failure.name}`} failure={failure} />
      ))}
    </section>
  );
}

function Failure({ failure }: { failure: LoadFailure }) {
  const { nodepack, name, filepath, error_type, message, traceback, hint } = failure;
  const copy = async () => {
    await navigator.clipboard.writeText(`${filepath}\n${error_type}: ${message}\n\n${traceback}`);
    toast.success("Copied.");
  };
  return (
    <details className={styles.failure}>
      <summary className={styles.summary}>
        <span className={styles.name}>{name === "" ? nodepack : `${nodepack} · ${name}`}</span>
        <span className={styles.message}>{message || error_type}</span>
      </summary>
      <div className={styles.details}>
        {hint !== "" && <p>{hint}</p>}
        <p className={styles.path}>{filepath}</p>
        <Traceback text={traceback || `${error_type}: ${message}`} />
        <IconButton label="Copy traceback" size="small" onClick={copy}>
          <Copy size={14} />
        </IconButton>
      </div>
    </details>
  );
}
