import type { Program } from '../../linux/process/types';

/** envsubst(1): puts variables of the environment into a text, all or those that are named. */
export const envsubst: Program = async (process) => {
  const [format] = process.args;
  const named =
    format === undefined ? undefined : new Set([...format.matchAll(variable)].map((match) => match[1] ?? match[2]));
  const text = await process.stdin.text();
  await process.stdout.write(
    text.replace(variable, (whole, braced: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? '';
      return named === undefined || named.has(name) ? (process.env.get(name) ?? '') : whole;
    }),
  );
  return 0;
};

const variable = /\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g;
