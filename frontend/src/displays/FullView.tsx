/** A value in a large window of its own, all of it if it can be had. */

import styles from "@/displays/display.module.css";
import type { Preview } from "@/displays/preview_object";
import { sizeWords } from "@/displays/sizes";
import { ValueDisplay } from "@/displays/ValueDisplay";
import { useWhole, type Whole } from "@/displays/whole_value";
import type { Json } from "@/graph/workflow";
import { Dialog } from "@/ui/Dialog";
import { Spinner } from "@/ui/Spinner";

export interface FullViewProps {
  readonly value: Json;
  readonly preview: Preview | undefined;
  readonly href: string | undefined;
  onClose(): void;
}

/** More is loaded only when it is asked for, in bytes. */
const LOADED_AT_ONCE = 10_000_000;

export function FullView({ value, preview, href, onClose }: FullViewProps) {
  const source = preview ? href : undefined;
  const { whole, load } = useWhole(source, (preview?.size ?? 0) <= LOADED_AT_ONCE);
  const shown = whole.status === "ready" ? whole.value : value;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={preview?.summary ?? "Value"} size="large">
      <ValueDisplay value={shown} size="full" {...(href ? { href } : {})} />
      {source && <Progress whole={whole} size={preview?.size ?? 0} onLoad={load} />}
    </Dialog>
  );
}

interface ProgressProps {
  readonly whole: Whole;
  readonly size: number;
  onLoad(): void;
}

function Progress({ whole, size, onLoad }: ProgressProps) {
  if (whole.status === "ready") return null;
  if (whole.status === "loading") {
    return (
      <p className={styles.footer}>
        <Spinner /> Loading all of it…
      </p>
    );
  }
  return (
    <p className={styles.footer}>
      {whole.status === "failed" ? <span role="alert">{whole.message}</span> : "This is the first part."}
      <button type="button" className={styles.more} onClick={onLoad}>
        {whole.status === "failed" ? "Try again" : `Load all of it, ${sizeWords(size)}`}
      </button>
    </p>
  );
}
