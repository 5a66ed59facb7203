/** A metric with its samples in the Prometheus text format; nothing where it has none. */
export function family(name: string, type: string, help: string, samples: readonly string[], joint = ''): string {
  if (samples.length === 0) return '';
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => `${name}${joint}${sample}\n`).join('')}`;
}
