/** The server's messages as sentences: they begin in lower case, as they are also written after a name and a colon. */

/** A first word that is the name of something is written as it is. */
const PLAIN_WORD = /^[a-z]+(?=[\s,:;.]|$)/;

/** With a capital letter at its beginning. */
export function sentence(message: string): string {
  return PLAIN_WORD.test(message) && !isName(message)
    ? message.charAt(0).toUpperCase() + message.slice(1)
    : message;
}

/** "value: is no number" begins with the name of an input. */
function isName(message: string): boolean {
  return /^[a-z]+:/.test(message);
}

export interface MessagePart {
  readonly text: string;
  readonly isCode: boolean;
}

/** A name between quotes; an apostrophe has a letter before it or none behind. */
const QUOTED = /(?<![\w'])'([^'\n]{1,80})'(?!\w)/;

/** The pieces of a message, names in quotes as code without the quotes. */
export function messageParts(message: string): MessagePart[] {
  return sentence(message)
    .split(QUOTED)
    .map((text, index) => ({ text, isCode: index % 2 === 1 }))
    .filter(({ text }) => text !== "");
}
