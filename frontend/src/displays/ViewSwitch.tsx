/** Several ways to look at the same value. */

import styles from "@/displays/ViewSwitch.module.css";

export interface ViewSwitchProps<View extends string> {
  readonly views: readonly View[];
  readonly view: NoInfer<View>;
  onChange(view: NoInfer<View>): void;
}

export function ViewSwitch<View extends string>({ views, view, onChange }: ViewSwitchProps<View>) {
  if (views.length < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label="View as" className={`${styles.switch} nodrag nopan`}>
      {views.map((one) => (
        <button key={one} type="button" aria-pressed={one === view} onClick={() => onChange(one)}>
          {one}
        </button>
      ))}
    </div>
  );
}
