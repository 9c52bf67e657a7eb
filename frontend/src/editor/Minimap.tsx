/** All of the workflow, small, and where the view is. A click or drag moves the view there. */

import { useReactFlow, useStore } from "@xyflow/react";
import { type PointerEvent, useLayoutEffect, useMemo, useRef } from "react";
import type { CanvasContent } from "@/editor/canvas_store";
import { boxOf } from "@/editor/canvas_store";
import css from "@/editor/Minimap.module.css";
import { draw, drawingOf } from "@/editor/overview_drawing";
import { useSettled } from "@/editor/use_settled";
import { boundsOf } from "@/graph/boxes";
import { themeColors, useThemeVersion } from "@/ui/theme_colors";

const WIDTH = 176;
const HEIGHT = 112;
const MARGIN = 8;
const FRAME_MARGIN = 3;
/** More nodes than can be drawn again for every frame of a drag. */
const MANY = 300;
/** Milliseconds without a change after which they are. */
const SETTLED = 200;

export function Minimap({ content: latest }: { readonly content: CanvasContent }) {
  const content = useSettled(latest, latest.nodes.length > MANY ? SETTLED : 0);
  const scale = useMemo(() => scaleOf(content), [content]);
  const { setCenter, getZoom } = useReactFlow();
  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture?.(event.pointerId);
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - left - scale.x) / scale.zoom;
    const y = (event.clientY - top - scale.y) / scale.zoom;
    void setCenter(x, y, { zoom: getZoom() });
  };
  return (
    <div className={css.minimap} aria-hidden="true" onPointerDown={go} onPointerMove={go}>
      <Picture content={content} scale={scale} />
      <Frame scale={scale} />
    </div>
  );
}

interface Scale {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

function scaleOf({ nodes }: CanvasContent): Scale {
  const bounds = boundsOf(nodes.map((node) => boxOf(node, node.id)));
  const across = (WIDTH - 2 * MARGIN) / Math.max(1, bounds.width);
  const down = (HEIGHT - 2 * MARGIN) / Math.max(1, bounds.height);
  const zoom = Math.min(across, down, 0.12);
  return {
    zoom,
    x: WIDTH / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: HEIGHT / 2 - (bounds.y + bounds.height / 2) * zoom,
  };
}

function Picture({ content, scale }: { readonly content: CanvasContent; readonly scale: Scale }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    draw(context, drawingOf(content), scale, themeColors(document.documentElement), 2);
  }, [content, scale, theme]);
  return <canvas ref={canvas} className={css.picture} width={WIDTH * 2} height={HEIGHT * 2} />;
}

function Frame({ scale }: { readonly scale: Scale }) {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [left, right] = within((-x / zoom) * scale.zoom + scale.x, (width / zoom) * scale.zoom, WIDTH);
  const [top, bottom] = within((-y / zoom) * scale.zoom + scale.y, (height / zoom) * scale.zoom, HEIGHT);
  return <div className={css.frame} style={{ left, top, width: right - left, height: bottom - top }} />;
}

/** Where a stretch begins and ends, no further out than the map: a frame without its sides is none. */
function within(start: number, length: number, size: number): [number, number] {
  const place = (at: number) => Math.min(Math.max(at, FRAME_MARGIN), size - FRAME_MARGIN);
  return [place(start), place(start + length)];
}
