/** A plot drawn as wide as its place, and again when that changes. */

import { type RefObject, useEffect, useRef, useState } from "react";
import own from "@/displays/DrawnFigure.module.css";
import styles from "@/displays/display.module.css";
import type { DisplaySize } from "@/displays/display_props";
import type { Draw, Drawing, DrawingSize } from "@/displays/drawing";
import type { JsonObject } from "@/graph/workflow";

export interface DrawnFigureProps {
  readonly content: JsonObject;
  readonly drawer: () => Promise<Draw>;
  readonly size: DisplaySize;
  readonly label: string;
}

export function DrawnFigure({ content, drawer, size, label }: DrawnFigureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = useRoom(frame, size);
  // A plot needs room for its words: in a small node all of it is drawn smaller.
  const scale = Math.min(1, width / LEAST.width, height / LEAST.height);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const element = place.current;
    if (!element || width < NARROWEST) return;
    const room = { width: width / scale, height: height / scale, interactive: size !== "node" };
    return drawn(element, drawer, content, room, setProblem);
  }, [content, drawer, size, width, height, scale]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a figure element has margins, and no caption here
    <div ref={frame} className={own.frame} data-size={size} role="figure" aria-label={label}>
      <div
        ref={place}
        className={own.place}
        style={scale < 1 ? { width: width / scale, transform: `scale(${scale})` } : undefined}
        hidden={problem !== ""}
      />
      {problem !== "" && <p className={styles.note}>This plot cannot be drawn: {problem}</p>}
    </div>
  );
}

/** Draws, and tells why that failed or that it did not. Returns what takes it away again. */
function drawn(
  element: HTMLElement,
  drawer: DrawnFigureProps["drawer"],
  content: JsonObject,
  room: DrawingSize,
  tell: (problem: string) => void,
): () => void {
  let isOver = false;
  let drawing: Drawing | undefined;
  const work = async () => {
    try {
      const draw = await drawer();
      if (isOver) return;
      drawing = await draw(element, content, room);
      if (isOver) drawing.finish();
      else tell("");
    } catch (error) {
      if (!isOver) tell(error instanceof Error ? error.message : String(error));
    }
  };
  void work();
  return () => {
    isOver = true;
    drawing?.finish();
    element.replaceChildren();
  };
}

const NARROWEST = 40;
const LEAST = { width: 320, height: 180 };
/** Height by width, where there is as much height as one likes. */
const SHAPE = 0.62;
const HIGHEST = { panel: 320, full: 560 };

/** The room for a drawing, in pixels of the layout: the canvas draws its nodes larger or smaller as a whole. */
function useRoom(frame: RefObject<HTMLElement | null>, size: DisplaySize): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = frame.current;
    if (!element || typeof ResizeObserver === "undefined") return undefined;
    const measure = () => {
      const width = element.clientWidth;
      const height = size === "node" ? element.clientHeight : Math.min(width * SHAPE, HIGHEST[size]);
      setRoom((before) =>
        before.width === width && before.height === Math.round(height)
          ? before
          : { width, height: Math.round(height) },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, size]);
  return room;
}
