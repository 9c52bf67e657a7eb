/** What a template looks like: a picture of it opened and run, or else its graph. */

import { useEffect, useState } from "react";
import type { Workflow } from "@/graph/workflow";
import { GraphPicture } from "@/panels/GraphPicture";
import styles from "@/panels/templates/TemplatePicture.module.css";
import { pictureUrl, templateWorkflow } from "@/state/templates";
import type { TemplateInfo } from "@/wire/shapes";

export function TemplatePicture({ template }: { readonly template: TemplateInfo }) {
  const url = pictureUrl(template);
  const [failedUrl, setFailedUrl] = useState<string>();
  const isPicture = url !== null && url !== failedUrl;
  return (
    <span className={styles.frame} data-picture={isPicture || undefined}>
      {isPicture ? (
        <img
          className={styles.picture}
          src={url}
          // The card has its title in words.
          alt=""
          width={WIDTH}
          height={HEIGHT}
          loading="lazy"
          decoding="async"
          onError={() => setFailedUrl(url)}
        />
      ) : (
        <Drawn name={template.name} />
      )}
    </span>
  );
}

const WIDTH = 1328;
const HEIGHT = 830;

function Drawn({ name }: { readonly name: string }) {
  const [workflow, setWorkflow] = useState<Workflow | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    // Without an answer the frame stays empty: a gallery is no place for a problem with a picture.
    templateWorkflow(name, asking.signal).then(setWorkflow, () => undefined);
    return () => asking.abort();
  }, [name]);
  return workflow && <GraphPicture label="" workflow={workflow} />;
}
