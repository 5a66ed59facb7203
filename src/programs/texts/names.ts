/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'cal column csplit expand factor file fmt getopt hd hexdump join man numfmt od patch reset shuf strings tput tree tsort unexpand xxd'.split(
    ' ',
  );
