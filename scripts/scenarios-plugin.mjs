import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import markdownIt from 'markdown-it';
import { parse } from 'yaml';

/**
 * `import scenario from '…/scenario.yaml'` gives `{ document, html }`: the file's content, and each step's Markdown rendered.
 * Markdown is rendered here, at build time, so that the page needs no Markdown parser and shows no HTML it did not make.
 */
export function scenarios() {
  const markdown = markdownIt({ html: false, linkify: false, typographer: true });
  return {
    name: 'bottleship-scenarios',
    load(id) {
      if (!id.endsWith('/scenario.yaml')) return null;
      const yaml = readFileSync(id, 'utf8');
      const files = [...yaml.matchAll(/^\s+text:\s*([\w.-]+\.md)\s*$/gm)].map((found) => found[1]);
      const html = {};
      for (const file of files) {
        const path = join(dirname(id), file);
        this.addWatchFile(path);
        html[file] = markdown.render(readFileSync(path, 'utf8'));
      }
      return `export default ${JSON.stringify({ document: parse(yaml, { maxAliasCount: 20 }), html })};`;
    },
  };
}
