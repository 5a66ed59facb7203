import { JsonPathError } from './parse';

const shape = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * `x.y`, `.x.y`, `{x.y}` and `{.x.y}` all mean `{.x.y}` in custom columns, `--sort-by` and `kubectl wait`.
 * Source: kubectl pkg/cmd/get/customcolumn.go, RelaxedJSONPathExpression.
 */
export function relaxed(path: string): string {
  if (path === '') return path;
  const found = shape.exec(path);
  if (!found) {
    throw new JsonPathError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  }
  return `{.${found[1] ?? found[2] ?? ''}}`;
}
