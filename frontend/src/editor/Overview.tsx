/** The whole workflow on one canvas, in place of nodes that would be too small to read and too many to draw. */

import { useStore } from "@xyflow/react";
import { useLayoutEffect, useMemo, useRef } from "react";
import type { CanvasContent } from "@/editor/canvas_store";
import css from "@/editor/Overview.module.css";
import { draw, drawingOf, drawStates } from "@/editor/overview_drawing";
import { drawTitles } from "@/editor/overview_titles";
import { useRun } from "@/editor/surroundings";
import type { NodeStatus } from "@/state/run_state";
import { themeColors, useThemeVersion } from "@/ui/theme_colors";

const STATE_TOKENS: Readonly<Record<NodeStatus, string | null>> = {
  queued: null,
  running: "--status-running",
  streaming: "--status-streaming",
  done: null,
  failed: "--status-failed",
  skipped: "--status-skipped",
  cancelled: "--status-cancelled",
};

export function Overview({ content }: { readonly content: CanvasContent }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const transform = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const drawing = useMemo(() => drawingOf(content), [content]);
  const theme = useThemeVersion();
  const run = useRun();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  const colors = useMemo(() => themeColors(document.documentElement), [theme]);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const [x, y, zoom] = transform;
    draw(context, drawing, { x, y, zoom }, colors, ratio());
    const tokenOf = (id: string) => STATE_TOKENS[run?.nodes.get(id)?.status ?? "queued"];
    if (run) drawStates(context, content.nodes, tokenOf, zoom, colors);
    drawTitles(context, content.nodes, { x, y, zoom }, colors, ratio());
  });
  return (
    <div className={css.overview} aria-hidden="true">
      <canvas ref={canvas} width={Math.round(width * ratio())} height={Math.round(height * ratio())} />
    </div>
  );
}

/** Finer than this nobody sees while everything is small, and it costs. */
function ratio(): number {
  return Math.min(2, window.devicePixelRatio || 1);
}
