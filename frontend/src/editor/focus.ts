/** Where the keyboard is on the canvas. */

/** The element that has the focus while nodes are walked through with the keyboard. */
export function canvasElement(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-canvas]");
}

export function focusCanvas(): void {
  canvasElement()?.focus({ preventScroll: true });
}

/** True while keys are for the canvas itself, not for a field or button on it. */
export function isCanvasFocused(): boolean {
  const root = canvasElement();
  const active = document.activeElement;
  if (!root || !active) return false;
  return active === root || (root.contains(active) && !active.matches(FIELDS));
}

/** True while typed letters go into a text. */
export function isTyping(): boolean {
  return document.activeElement?.matches(TEXTS) ?? false;
}

const TEXTS = "input, textarea, select, [contenteditable='true']";
const FIELDS = "input, textarea, select, button, a[href], [contenteditable='true'], [role='slider']";

/** Puts the keyboard into the first field of a node. True when it has one. */
export function focusFirstField(node: string): boolean {
  const element = document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`);
  const field = element?.querySelector<HTMLElement>(
    "input:not([type='file']), textarea, select, [contenteditable='true'], [role='switch']",
  );
  field?.focus();
  return field !== null && field !== undefined;
}
