/** Node's library as the guest runs it, by module name. They come with the engine, not with the world. */
const files = import.meta.glob<string>('../guest/*.js', { eager: true, query: '?raw', import: 'default' });

export const sources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, source]) => [path.slice('../guest/'.length, -'.js'.length), source]),
);
