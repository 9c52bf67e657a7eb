/** All of the workflow, small, and where the view is. A click or drag moves the view there. */

import { useReactFlow, useStore } from "@xyflow/react";
import { type PointerEvent, useLayoutEffect, useMemo, useRef } from "react";
import type { CanvasContent } from "@/editor/canvas_store";
import { boxOf } from "@/editor/canvas_store";
import css from "@/editor/Minimap.module.css";
import { draw, drawingOf } from "@/editor/overview_drawing";
import { themeColors, useThemeVersion } from "@/editor/theme_colors";
import { boundsOf } from "@/graph/boxes";

const WIDTH = 176;
const HEIGHT = 112;
const MARGIN = 8;

export function Minimap({ content }: { readonly content: CanvasContent }) {
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
  return (
    <div
      className={css.frame}
      style={{
        left: (-x / zoom) * scale.zoom + scale.x,
        top: (-y / zoom) * scale.zoom + scale.y,
        width: (width / zoom) * scale.zoom,
        height: (height / zoom) * scale.zoom,
      }}
    />
  );
}
