/** The system's clipboard, and what was copied here last for pages that may not use it. */

let last = "";

export function copyToClipboard(text: string): void {
  last = text;
  // Refused on pages without a secure origin; pasting here works all the same.
  navigator.clipboard?.writeText(text).catch(() => undefined);
}

export function lastCopied(): string {
  return last;
}

/** The text of the clipboard where the browser lets us read it, else what was copied here. */
export async function readClipboard(): Promise<string> {
  try {
    return (await navigator.clipboard?.readText()) || last;
  } catch {
    return last;
  }
}
