/** What a workflow can be called: the server's rules, told while a name is typed. */

const LONGEST = 100;
/** In UTF-8: file systems take little more. */
const MOST_BYTES = 200;
const ODD = /[^\p{L}\p{M}\p{Nd} \-_.()]/u;
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

/** What is wrong with a name, in words, or nothing. */
export function nameProblem(name: string): string {
  const composed = name.normalize("NFC");
  if (composed === "") return "Type a name.";
  if ([...composed].length > LONGEST || new TextEncoder().encode(composed).length > MOST_BYTES) {
    return "This name is too long. Use at most 100 characters.";
  }
  const odd = ODD.exec(composed)?.[0];
  if (odd !== undefined) {
    return `A name cannot have the character “${odd}”. Use letters, digits, spaces and - _ . ( ).`;
  }
  if (/^[ .]|[ .]$/.test(composed)) return "A name cannot begin or end with a space or a dot.";
  if (DEVICE.test(composed.split(".")[0]?.trim() ?? ""))
    return "Windows keeps this name for a device. Use another one.";
  return "";
}

/** The name, with a number behind it if it is taken; case does not tell names apart. */
export function freeName(name: string, taken: Iterable<string>): string {
  const all = new Set([...taken].map((one) => one.normalize("NFC").toLowerCase()));
  let free = name;
  for (let number = 2; all.has(free.normalize("NFC").toLowerCase()); number += 1) free = `${name} ${number}`;
  return free;
}
