/** A small window at a point of the screen, kept within it; Escape or a click elsewhere closes it. */

import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ScreenPoint } from "@/editor/canvas_ui";
import css from "@/editor/FloatingPanel.module.css";
import { focusCanvas } from "@/editor/focus";

interface Props {
  readonly at: ScreenPoint;
  readonly label: string;
  readonly className?: string | undefined;
  onClose(): void;
  readonly children: ReactNode;
}

const MARGIN = 8;

export function FloatingPanel({ at, label, className, onClose, children }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const place = usePlace(panel, at);
  useCloseOutside(panel, onClose);
  const close = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
    focusCanvas();
  };
  return (
    <div
      ref={panel}
      className={`${css.panel} ${className ?? ""}`}
      style={{ left: place.x, top: place.y }}
      role="dialog"
      aria-label={label}
      onKeyDown={close}
    >
      {children}
    </div>
  );
}

function usePlace(panel: React.RefObject<HTMLDivElement | null>, at: ScreenPoint): ScreenPoint {
  const [place, setPlace] = useState(at);
  useLayoutEffect(() => {
    const { width = 0, height = 0 } = panel.current?.getBoundingClientRect() ?? {};
    const x = Math.min(at.x, window.innerWidth - width - MARGIN);
    const y = Math.min(at.y, window.innerHeight - height - MARGIN);
    setPlace({ x: Math.max(MARGIN, x), y: Math.max(MARGIN, y) });
  }, [panel, at]);
  return place;
}

function useCloseOutside(panel: React.RefObject<HTMLDivElement | null>, onClose: () => void): void {
  useEffect(() => {
    const press = (event: PointerEvent) => {
      if (!isInside(panel, event.target)) onClose();
    };
    // A panel with nothing to press in it never has the focus: its Escape comes from elsewhere.
    const key = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || isInside(panel, event.target)) return;
      event.preventDefault();
      onClose();
    };
    window.addEventListener("pointerdown", press, { capture: true });
    window.addEventListener("keydown", key, { capture: true });
    return () => {
      window.removeEventListener("pointerdown", press, { capture: true });
      window.removeEventListener("keydown", key, { capture: true });
    };
  }, [panel, onClose]);
}

function isInside(panel: React.RefObject<HTMLDivElement | null>, target: EventTarget | null): boolean {
  return target instanceof Node && panel.current?.contains(target) === true;
}
