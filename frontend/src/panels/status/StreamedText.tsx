/** Text as it arrives, with a caret while more is to come. */

import { useEffect, useRef } from "react";
import styles from "@/panels/status/StreamedText.module.css";

export interface StreamedTextProps {
  readonly text: string;
  readonly live: boolean;
}

export function StreamedText({ text, live }: StreamedTextProps) {
  const box = useRef<HTMLElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the new text that is scrolled to
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  const onScroll = () => {
    const element = box.current;
    if (element) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
  };
  return (
    <section
      ref={box}
      className={styles.text}
      onScroll={onScroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable by keyboard
      tabIndex={0}
      aria-label="Streamed text"
    >
      {text}
      {live && <span className={styles.caret} aria-hidden />}
    </section>
  );
}
