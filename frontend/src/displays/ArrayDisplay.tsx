/** An array of numbers: its shape and type, and its values as a heat map, a curve or numbers. */

import { useState } from "react";
import own from "@/displays/ArrayDisplay.module.css";
import { arrayOfHead, asArray, type Grid, gridOf, type NumberArray } from "@/displays/array_shape";
import { Curve } from "@/displays/Curve";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import { HeatMap } from "@/displays/HeatMap";
import { NumberGrid } from "@/displays/NumberGrid";
import { Scroller } from "@/displays/Scroller";
import { ViewSwitch } from "@/displays/ViewSwitch";

type View = "Heat map" | "Curve" | "Numbers";

export function ArrayDisplay({ content, preview, size }: ContentProps) {
  const array = preview ? arrayOfHead(content) : asArray(content);
  const [picked, setPicked] = useState<View>();
  if (!array) return <p className={styles.note}>{preview?.summary ?? "An array"}</p>;
  if (array.picture) {
    return (
      <>
        <img
          className={own.picture}
          src={array.picture}
          alt={`The first frame of ${preview?.summary ?? "a video"}`}
        />
        <Facts array={array} />
      </>
    );
  }
  const grid = gridOf(array.values);
  const views = viewsOf(grid);
  const view = picked ?? views[0] ?? "Numbers";
  return (
    <>
      <Facts array={array} />
      {array.values !== null && (
        <Scroller label="Values" size={size}>
          {view === "Heat map" && <HeatMap grid={grid} />}
          {view === "Curve" && <Curve grid={grid} />}
          {view === "Numbers" && <NumberGrid grid={grid} />}
        </Scroller>
      )}
      <div className={styles.footer}>
        {size !== "node" && <ViewSwitch views={views} view={view} onChange={setPicked} />}
        <span>{extentOf(grid, array)}</span>
      </div>
    </>
  );
}

const FEW_NUMBERS = 36;

function viewsOf(grid: Grid): readonly View[] {
  const [first = []] = grid.rows;
  if (grid.least > grid.greatest || grid.rows.length * first.length <= 1) return ["Numbers"];
  const picture: View = grid.rows.length === 1 ? "Curve" : "Heat map";
  return grid.rows.length * first.length <= FEW_NUMBERS ? ["Numbers", picture] : [picture, "Numbers"];
}

function Facts({ array }: { readonly array: NumberArray }) {
  const shape: readonly [string, string] = ["shape", array.shape.join(" × ") || "a single number"];
  const dtype: readonly (readonly [string, string])[] = array.dtype === "" ? [] : [["type", array.dtype]];
  return (
    <dl className={own.facts}>
      {[shape, ...dtype, ...array.facts].map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Says when what is shown is not all. */
function extentOf({ rows }: Grid, { shape }: NumberArray): string {
  const width = rows[0]?.length ?? 0;
  const isAll =
    shape.length <= 2 && rows.length === (shape.length === 2 ? shape[0] : 1) && width === (shape.at(-1) ?? 1);
  if (isAll || width === 0) return "";
  const part =
    rows.length === 1 ? `The first ${width} numbers` : `The first ${rows.length} × ${width} numbers`;
  return shape.length > 2 ? `${part} of the last two dimensions` : part;
}
