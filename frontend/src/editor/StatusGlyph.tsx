/** The state of a node in one glyph. The words beside it are in the footer and in its label. */

import {
  Check,
  CircleDot,
  CircleSlash,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
} from "lucide-react";
import type { Look, NodeStatus } from "@/editor/node_status";
import css from "@/editor/StatusGlyph.module.css";

const GLYPHS: Readonly<Record<Exclude<Look, "idle">, LucideIcon>> = {
  queued: Clock,
  running: LoaderCircle,
  streaming: LoaderCircle,
  done: Check,
  cached: Check,
  stale: CircleDot,
  failed: CircleX,
  skipped: SkipForward,
  cancelled: CircleSlash,
};

export function StatusGlyph({ status: { look, words } }: { readonly status: NodeStatus }) {
  if (look === "idle") return null;
  const Glyph = GLYPHS[look];
  return (
    <span className={css.glyph} data-look={look} role="img" aria-label={words} title={words}>
      <Glyph size={16} aria-hidden="true" />
    </span>
  );
}
