/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'column csplit expand factor fmt hd hexdump join numfmt od shuf strings tsort unexpand xxd'.split(' ');
