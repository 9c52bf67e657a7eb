/** An object of a class without JSON of its own: as it wants to be shown in a notebook, else its repr. */

import { Suspense, useState } from "react";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import { displayFor } from "@/displays/display_table";
import own from "@/displays/ObjectDisplay.module.css";
import { asForeign } from "@/displays/preview_object";
import { representationsOf } from "@/displays/representations";
import { ViewSwitch } from "@/displays/ViewSwitch";

export function ObjectDisplay(props: ContentProps) {
  const foreign = asForeign(props.content);
  const [picked, setPicked] = useState<string>();
  if (!foreign) return null;
  const all = representationsOf(foreign);
  const chosen = all.find(({ name }) => name === picked) ?? all[0];
  if (!chosen) return null;
  const Content = displayFor(chosen.display);
  return (
    <>
      {(props.size !== "node" || chosen.display !== "figure") && (
        <div className={own.type}>
          {foreign.type}
          {props.size !== "node" && (
            <ViewSwitch views={all.map(({ name }) => name)} view={chosen.name} onChange={setPicked} />
          )}
        </div>
      )}
      <Suspense fallback={<pre className={styles.mono}>{foreign.repr}</pre>}>
        <Content {...props} content={chosen.content} preview={undefined} />
      </Suspense>
    </>
  );
}
