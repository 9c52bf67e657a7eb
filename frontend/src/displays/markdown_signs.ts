/** Whether a text is meant to be Markdown: nobody says so, but headings, lists and code fences do. */

const SIGNS: readonly (readonly [RegExp, number])[] = [
  [/^#{1,6} \S/m, 2],
  [/^(```|~~~)/m, 2],
  [/^\s*[-*+] \S.*\n\s*[-*+] \S/m, 1],
  [/^\d+\. \S.*\n(.*\n)?\d+\. \S/m, 1],
  [/\*\*\S[^*\n]*\*\*|__\S[^_\n]*__/, 1],
  [/\[[^\]\n]+\]\([^)\s]+\)/, 2],
  [/^\|.*\|\n\|[ :|-]+\|/m, 3],
  [/^> \S/m, 1],
  [/`[^`\n]+`/, 1],
];
const ENOUGH = 2;
const SAMPLE = 4000;

export function looksLikeMarkdown(text: string): boolean {
  const sample = text.slice(0, SAMPLE);
  // JSON, code and logs have some of the signs, too.
  if (/^\s*[{[<]|^Traceback |^(import|from|def|class) /.test(sample)) return false;
  const found = SIGNS.reduce((sum, [sign, weight]) => sum + (sign.test(sample) ? weight : 0), 0);
  return found >= ENOUGH;
}
