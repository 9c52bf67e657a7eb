/** How many required inputs a node still lacks, while that is no mistake yet. */

import css from "@/editor/MissingInputs.module.css";
import { useNodeFindings } from "@/editor/surroundings";

export function MissingInputs({ node }: { readonly node: string }) {
  const { missing } = useNodeFindings(node);
  if (missing.length === 0) return null;
  const names = missing.map(({ port }) => port).join(", ");
  const words = `Still needs ${missing.length === 1 ? "a value" : `${missing.length} values`}: ${names}`;
  return (
    <span className={css.dot} role="img" aria-label={words} title={words}>
      {missing.length}
    </span>
  );
}
