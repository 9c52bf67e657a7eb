/** The part of Plotly that is used; its package has no types. */

declare module "plotly.js-cartesian-dist-min" {
  const Plotly: {
    react(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
    purge(element: HTMLElement): void;
  };
  export default Plotly;
}
