/** The one table of widgets: what a parameter is edited with. */

import type { ComponentType } from "react";
import type { Param } from "@/graph/catalog";
import { AnyWidget } from "@/widgets/AnyWidget";
import { ChoiceWidget } from "@/widgets/ChoiceWidget";
import { DictWidget } from "@/widgets/DictWidget";
import { ImageWidget } from "@/widgets/ImageWidget";
import { JsonWidget } from "@/widgets/JsonWidget";
import { LineWidget } from "@/widgets/LineWidget";
import { ListWidget } from "@/widgets/ListWidget";
import { MomentWidget } from "@/widgets/MomentWidget";
import { NumberWidget } from "@/widgets/NumberWidget";
import { ObjectWidget } from "@/widgets/ObjectWidget";
import { OptionalWidget } from "@/widgets/OptionalWidget";
import { PathWidget } from "@/widgets/PathWidget";
import { SecretWidget } from "@/widgets/SecretWidget";
import { SliderWidget } from "@/widgets/SliderWidget";
import { SwitchWidget } from "@/widgets/SwitchWidget";
import { TextWidget } from "@/widgets/TextWidget";
import { UnionWidget } from "@/widgets/UnionWidget";
import { chooseWidget, type WidgetName } from "@/widgets/widget_choice";
import type { WidgetProps } from "@/widgets/widget_props";

export { ParamWidget } from "@/widgets/ParamWidget";
export type { WidgetProps } from "@/widgets/widget_props";

type Widget = ComponentType<WidgetProps>;

// Made when first asked for: schemas contain schemas, so widgets contain widgets and their modules need each other.
let table: Readonly<Record<WidgetName, Widget>> | undefined;

function widgets(): Readonly<Record<WidgetName, Widget>> {
  table ??= {
    any: AnyWidget,
    choice: ChoiceWidget,
    dict: DictWidget,
    image: ImageWidget,
    json: JsonWidget,
    line: LineWidget,
    list: ListWidget,
    moment: MomentWidget,
    number: NumberWidget,
    object: ObjectWidget,
    optional: OptionalWidget,
    path: PathWidget,
    secret: SecretWidget,
    slider: SliderWidget,
    switch: SwitchWidget,
    text: TextWidget,
    union: UnionWidget,
  };
  return table;
}

export function componentOf(name: WidgetName): Widget {
  return widgets()[name];
}

/** The widget for a parameter. `ParamWidget` does the same and also shows defaults and secrets: prefer it. */
export function widgetFor(param: Param): Widget {
  return componentOf(chooseWidget(param.json_schema, param));
}
