/** How keys of the command table are written for people: `$mod+Shift+p` is ⌘⇧P on a Mac, else Ctrl Shift P. */

const ON_MAC: Readonly<Record<string, string>> = {
  $mod: "⌘",
  Meta: "⌘",
  Control: "⌃",
  Alt: "⌥",
  Shift: "⇧",
};
const ELSEWHERE: Readonly<Record<string, string>> = { $mod: "Ctrl", Control: "Ctrl", Meta: "Win" };
const KEYS: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
  Backspace: "⌫",
  Enter: "↵",
  " ": "Space",
};

export function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}

/** The keys to show, in the order they are pressed. Presses that follow each other are apart. */
export function keyNames(keys: string, mac = isMac()): string[][] {
  return keys.split(" ").map((press) => parts(press).map((part) => nameOf(part, mac)));
}

/** "Control+k", as `aria-keyshortcuts` wants it. */
export function ariaKeys(keys: string, mac = isMac()): string {
  const modifier = mac ? "Meta" : "Control";
  return keys
    .split(" ")
    .map((press) => press.replace("$mod", modifier))
    .join(" ");
}

function parts(press: string): string[] {
  // The plus key itself is written as "+", and as "$mod++" with another key.
  const names = press.split("+");
  return press.endsWith("+") ? [...names.filter(Boolean), "+"] : names;
}

function nameOf(part: string, mac: boolean): string {
  const modifier = (mac ? ON_MAC : ELSEWHERE)[part];
  if (modifier) return modifier;
  return KEYS[part] ?? part.replace(/^(Key|Digit)/, "").replace(/^[a-z]$/, (letter) => letter.toUpperCase());
}
