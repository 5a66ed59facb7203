import { Stop, targetNamed, type Make } from './state';
import { update } from './update';

/** Makefiles are targets too: true if one of them was remade, so that all is read anew. */
export async function remakeMakefiles(state: Make): Promise<boolean> {
  const { flags, process } = state;
  const pretending = { just: flags.just, question: flags.question, touch: flags.touch, always: flags.always };
  let again = false;
  for (const { name, missing, optional } of [...state.makefiles].reverse()) {
    const target = targetNamed(state, name);
    if (missing === undefined && target.recipe === undefined && target.doubleColon === undefined) continue;
    // It would be remade each time.
    if (target.phony || target.doubleColon?.some(({ dependencies }) => dependencies.length === 0) === true) continue;
    // Those of -f were told already.
    const place = missing !== undefined && missing.line > 0 && !optional ? missing : undefined;
    state.remaking = { optional, told: false, name, missing: place };
    Object.assign(flags, { just: false, question: false, touch: false, always: false });
    const before = process.fs.stat(name);
    const outcome = await update(state, target, undefined);
    Object.assign(flags, pretending);
    state.remaking = undefined;
    const after = process.fs.stat(name);
    if (outcome !== 'ok' && !optional) throw new Stop(undefined);
    if (after.ok && (!before.ok || before.value.mtime !== after.value.mtime)) again = true;
    else if (!after.ok && outcome === 'failed') {
      // As a goal it fails with words.
      state.broken = false;
      target.state = 'new';
      target.running = undefined;
    }
  }
  return again;
}

/** Files that were made only on the way to others. */
export async function removeIntermediates(state: Make): Promise<void> {
  const { process, flags } = state;
  if (special(state)) return;
  const gone = state.intermediates.filter(
    ({ name, precious }) => !precious && (flags.just || process.fs.stat(name).ok),
  );
  if (gone.length === 0) return;
  if (!flags.silent) await process.stdout.write(`rm ${gone.map(({ name }) => name).join(' ')}\n`);
  if (!flags.just) for (const { name } of gone) process.fs.unlink(name);
}

/** `.SECONDARY:` alone keeps them all. */
const special = ({ targets }: Make): boolean => {
  const all = targets.get('.SECONDARY');
  return all?.isTarget === true && all.dependencies.length === 0;
};
