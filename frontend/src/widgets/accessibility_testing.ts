/** For tests: what axe finds wrong in what is on the page. */

import axe from "axe-core";

/** The serious findings, as lines of text; none is what a test wants. */
export async function seriousFindings(element: Element = document.body): Promise<readonly string[]> {
  const { violations } = await axe.run(element, {
    iframes: false,
    // There is no layout in jsdom, and a widget is not a page.
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}
