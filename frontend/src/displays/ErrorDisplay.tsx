/** Why a node failed: what happened, what to do, and the traceback from the user's own code on. */

import { CircleX } from "lucide-react";
import { useState } from "react";
import { CopyButton } from "@/displays/CopyButton";
import type { DisplaySize } from "@/displays/display_props";
import own from "@/displays/ErrorDisplay.module.css";
import type { Failure } from "@/state/run_state";
import { Traceback } from "@/ui/Traceback";

export interface ErrorDisplayProps {
  readonly failure: Pick<Failure, "message" | "type" | "traceback" | "hint" | "port">;
  readonly size: DisplaySize;
}

export function ErrorDisplay({ failure, size }: ErrorDisplayProps) {
  const { message, type, traceback, hint, port } = failure;
  const [problem, setProblem] = useState("");
  const title = [type, port && `input ${port}`].filter(Boolean).join(", ");
  return (
    <div className={own.error} data-size={size}>
      <p className={own.message}>
        <CircleX size={14} aria-hidden />
        <span>{title ? `${title}: ${message}` : message}</span>
      </p>
      {hint && <p className={own.hint}>{hint}</p>}
      {traceback && size !== "node" && (
        <details className={own.details} open={size === "full"}>
          <summary>Traceback</summary>
          <CopyButton value={traceback} preview={undefined} href={undefined} onProblem={setProblem} />
          <Traceback text={traceback} />
        </details>
      )}
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}
