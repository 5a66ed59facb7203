/** How wide or high the parts are, in pixels, as the learner dragged them. */
export interface Sizes {
  readonly task: number;
  readonly stage: number;
  readonly timeline: number;
}

const key = 'bottleship:sizes';

/** Shares of the window that leave an 80-column terminal on a laptop. */
export const usualSizes = (width: number, height: number): Sizes => ({
  task: Math.round(Math.min(300, Math.max(210, width * 0.18))),
  stage: Math.round(width * 0.37),
  timeline: Math.round(Math.min(320, height * 0.3)),
});

/** What was stored, if it is sound. */
export function parseSizes(text: string | null): Sizes | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return undefined;
    const { task, stage, timeline } = value as Partial<Record<keyof Sizes, unknown>>;
    const sound = (each: unknown): each is number => typeof each === 'number' && each >= 80 && each <= 4000;
    return sound(task) && sound(stage) && sound(timeline) ? { task, stage, timeline } : undefined;
  } catch {
    return undefined;
  }
}

// Storage may be forbidden; sizes are not worth a fault.
export function loadSizes(width: number, height: number): Sizes {
  const usual = usualSizes(width, height);
  try {
    const stored = parseSizes(localStorage.getItem(key));
    return stored !== undefined && stored.task + stored.stage < width * 0.8 ? stored : usual;
  } catch {
    return usual;
  }
}

export function saveSizes(sizes: Sizes): void {
  try {
    localStorage.setItem(key, JSON.stringify(sizes));
  } catch {
    // They last as long as the page, then.
  }
}
