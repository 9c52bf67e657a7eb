/** The tooltip of whichever button the pointer or the keyboard is at. One for the whole page. */

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Kbd } from "@/ui/Kbd";
import type { TooltipSide } from "@/ui/Tooltip";
import styles from "@/ui/Tooltip.module.css";
import { tooltipPlace } from "@/ui/tooltip_place";

/** Milliseconds that the pointer rests on a button before the tooltip comes. */
const DELAY = 450;
/** Long enough to move the pointer from the button onto the tooltip, to read or select what is in it. */
const LEAVING = 120;
const SIDES: readonly TooltipSide[] = ["top", "right", "bottom", "left"];

export function TooltipLayer() {
  const [button, setButton] = useState<HTMLElement | null>(null);
  useEffect(() => watch(setButton), []);
  const words = button?.isConnected ? button.dataset.tooltip : undefined;
  if (!button || !words) return null;
  return <Shown key={words} button={button} words={words} />;
}

function Shown({ button, words }: { readonly button: HTMLElement; readonly words: string }) {
  const own = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    if (!own.current) return;
    const { width, height } = own.current.getBoundingClientRect();
    const side = SIDES.find((one) => one === button.dataset.tooltipSide) ?? "bottom";
    const within = { width: window.innerWidth, height: window.innerHeight };
    setPlace(tooltipPlace(button.getBoundingClientRect(), { width, height }, side, within));
  }, [button]);
  const keys = button.dataset.tooltipKeys;
  // Its words are the button's name already, so a screen reader would say them twice.
  return (
    <div ref={own} className={styles.tooltip} style={place} role="tooltip" aria-hidden data-tooltip-layer="">
      {words}
      {keys !== undefined && <Kbd keys={keys} />}
    </div>
  );
}

/** Follows the pointer and the focus on the whole page. Returns what ends it. */
function watch(show: (button: HTMLElement | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (button: HTMLElement | null, delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(button), delay);
  };
  const now = (button: HTMLElement | null) => {
    clearTimeout(timer);
    show(button);
  };
  const listeners: Partial<Record<keyof DocumentEventMap, (event: Event) => void>> = {
    pointerover: ({ target }) => {
      if (isOnTooltip(target)) return clearTimeout(timer);
      const button = buttonOf(target);
      soon(button, button ? DELAY : LEAVING);
    },
    focusin: ({ target }) => {
      const isByKeyboard = target instanceof Element && target.matches(":focus-visible");
      now(isByKeyboard ? buttonOf(target) : null);
    },
    focusout: () => now(null),
    pointerdown: () => now(null),
    wheel: () => now(null),
    keydown: (event) => {
      // Any key but the ones that only hold: Escape to get rid of it, others because something else begins.
      if (event instanceof KeyboardEvent && !HOLDING.has(event.key)) now(null);
    },
  };
  const all = Object.entries(listeners);
  for (const [name, listener] of all) document.addEventListener(name, listener, true);
  return () => {
    clearTimeout(timer);
    for (const [name, listener] of all) document.removeEventListener(name, listener, true);
  };
}

const HOLDING: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta", "Tab"]);

function buttonOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tooltip]") : null;
}

function isOnTooltip(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-tooltip-layer]") !== null;
}
