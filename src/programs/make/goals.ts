import { special, type Make, type Outcome, type Target } from './state';
import { stopped, update } from './update';

/** Brings the goals up to date, one after the other (update_goal_chain of remake.c). */
export async function updateGoals(make: Make, goals: readonly Target[]): Promise<Outcome> {
  let worst = 'ok' as Outcome;
  for (const goal of goals) {
    const before = make.started;
    const outcome = await update(make, goal, undefined);
    if (outcome !== 'ok') worst = outcome === 'failed' || worst === 'failed' ? 'failed' : outcome;
    if (stopped(make, outcome)) break;
    const { silent, question } = make.flags;
    if (outcome === 'ok' && make.started === before && !silent && !question && !special(make, '.SILENT')) {
      const nothing = goal.phony || (goal.recipe ?? goal.doubleColon?.[0]?.recipe) === undefined;
      const text = nothing ? `Nothing to be done for '${goal.name}'.` : `'${goal.name}' is up to date.`;
      await make.process.stdout.write(`${make.name}: ${text}\n`);
    }
  }
  return worst;
}
