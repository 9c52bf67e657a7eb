// Which widget the editor gives to parameters, asked of the editor's own source: a list of them on standard
// input, as /get_schema describes them, and the widgets' names on standard output.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const SOURCE = new URL("../../frontend/src/", import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    return next(specifier.startsWith("@/") ? new URL(`${specifier.slice(2)}.ts`, SOURCE).href : specifier, context);
  },
});

const { chooseWidget } = await import("@/widgets/widget_choice");
const params = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(params.map((param) => chooseWidget(param.json_schema, param))));
