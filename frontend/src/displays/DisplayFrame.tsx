/** Around every display: what the value is, and the buttons that open, copy and download all of it. */

import { Maximize2 } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { CopyButton } from "@/displays/CopyButton";
import styles from "@/displays/DisplayFrame.module.css";
import { DownloadButton } from "@/displays/DownloadButton";
import type { DisplaySize } from "@/displays/display_props";
import type { Preview } from "@/displays/preview_object";
import { sizeWords } from "@/displays/sizes";
import type { Json } from "@/graph/workflow";
import { IconButton } from "@/ui/IconButton";
import { later } from "@/ui/later";

const FullView = later(async () => (await import("@/displays/FullView")).FullView);

export interface DisplayFrameProps {
  /** As it came. */
  readonly value: Json;
  readonly preview: Preview | undefined;
  readonly href: string | undefined;
  readonly size: DisplaySize;
  /** What the value is called when there is no preview to say it. */
  readonly name: string;
  /** The value is short: the buttons fit beside it. */
  readonly isShort: boolean;
  readonly children: ReactNode;
}

export function DisplayFrame({ value, preview, href, size, name, isShort, children }: DisplayFrameProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const whole = preview ? href : undefined;
  return (
    <div className={styles.frame} data-size={size} data-short={isShort || undefined}>
      <div className={styles.bar}>
        {!isShort && (preview || size !== "node") && (
          <span className={styles.summary}>{preview ? describe(preview, size) : name}</span>
        )}
        <div className={`${styles.actions} nodrag nopan`}>
          {size !== "full" && !isShort && (
            <IconButton size="small" label="Open large" onClick={() => setIsOpen(true)}>
              <Maximize2 size={13} />
            </IconButton>
          )}
          <CopyButton value={value} preview={preview} href={whole} onProblem={setProblem} />
          {size !== "node" && (
            <DownloadButton value={value} preview={preview} href={href} onProblem={setProblem} />
          )}
        </div>
      </div>
      <div className={styles.content}>{children}</div>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {isOpen && (
        <Suspense>
          <FullView value={value} preview={preview} href={href} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

function describe({ summary, size }: Preview, where: DisplaySize): string {
  return size > 0 && where !== "node" ? `${summary}, ${sizeWords(size)}` : summary;
}
