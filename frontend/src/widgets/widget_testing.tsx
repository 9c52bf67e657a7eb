/** For tests: a widget with somebody who keeps its value. */

import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, vi } from "vitest";
import type { Param } from "@/graph/catalog";
import type { Json, JsonObject } from "@/graph/workflow";
import { ParamWidget, type WidgetProps } from "@/widgets/registry";

afterEach(cleanup);

export function paramOf(schema: JsonObject, more: Partial<Param> = {}): Param {
  return { name: "value", type: "", required: true, json_schema: schema, ...more };
}

/** Shows the widget of a schema under the label "value", and tells what it commits. */
export function showWidget(schema: JsonObject, value?: Json, more: Partial<WidgetProps> = {}) {
  const onChange = vi.fn<(value: Json | undefined) => void>();
  let setOutside: (value: Json | undefined) => void = () => undefined;
  function Keeper() {
    const [current, setCurrent] = useState(value);
    setOutside = setCurrent;
    const change = (next: Json | undefined) => {
      onChange(next);
      setCurrent(next);
    };
    return (
      <>
        <label htmlFor="w">value</label>
        <ParamWidget id="w" label="value" schema={schema} {...more} value={current} onChange={change} />
      </>
    );
  }
  render(<Keeper />);
  return {
    user: userEvent.setup(),
    onChange,
    /** What was committed last. */
    committed: () => onChange.mock.lastCall?.[0],
    /** As undo does, or another person. */
    changeOutside: (next: Json | undefined) => setOutside(next),
    screen,
  };
}

/** What an element is described by, for screen readers. */
export function descriptionOf(element: Element): string {
  const ids = element.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}
