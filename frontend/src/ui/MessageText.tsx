/** A message of the server, as a sentence with names as code. */

import styles from "@/ui/MessageText.module.css";
import { messageParts } from "@/ui/message_text";

export function MessageText({ children }: { readonly children: string }) {
  return messageParts(children).map(({ text, isCode }, index) =>
    isCode ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text are told apart by where they are
      <code key={index} className={styles.name}>
        {text}
      </code>
    ) : (
      text
    ),
  );
}
