/** HTML in a frame that can do nothing: no scripts, no access to the page, nothing fetched. */

import { useEffect, useState } from "react";
import type { ContentProps } from "@/displays/content_props";
import { asDataUrl, blobOf } from "@/displays/data_url";
import styles from "@/displays/display.module.css";
import own from "@/displays/HtmlDisplay.module.css";

const RULES =
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:\">" +
  '<meta name="color-scheme" content="light">';

export function HtmlDisplay({ content, size }: ContentProps) {
  const html = useHtml(String(content));
  return (
    <>
      <iframe
        className={`${own.page} nodrag nopan nowheel`}
        data-size={size}
        title="Result, HTML"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        srcDoc={`${RULES}${html}`}
      />
      {/<script/i.test(html) && (
        <p className={styles.note}>Scripts do not run here. Download the value to open it as a page.</p>
      )}
    </>
  );
}

/** The text of the HTML, which may come as a data URL. */
function useHtml(content: string): string {
  const [text, setText] = useState("");
  const data = asDataUrl(content);
  useEffect(() => {
    const found = asDataUrl(content);
    if (found) void blobOf(found).text().then(setText);
  }, [content]);
  return data ? text : content;
}
