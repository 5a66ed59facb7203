/** The four parts of the page, in the order F6 walks them. */
export const panes = [
  { id: 'task', title: 'Task' },
  { id: 'shell', title: 'Shell' },
  { id: 'stage', title: 'Stage' },
  { id: 'timeline', title: 'Timeline' },
] as const;

export type Pane = (typeof panes)[number]['id'];

/** The pane `by` places further, round and round. */
export function nextPane(from: Pane, by: 1 | -1): Pane {
  const index = panes.findIndex(({ id }) => id === from);
  return panes[(index + by + panes.length) % panes.length]?.id ?? from;
}

/** The part that has the focus. */
export function paneOf(element: Element | null): Pane | undefined {
  const id = element?.closest('.pane')?.id.replace('pane-', '');
  return panes.find((pane) => pane.id === id)?.id;
}
