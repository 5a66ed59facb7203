import { projectOrName, type Command } from '../cli/context';
import { ComposeError } from '../cli/error';
import { downProject } from '../engine/down';
import { withProgress } from '../engine/session';

export const down: Command = async (context) => {
  const { flags, operands, process } = context;
  const images = flags.text('rmi');
  if (images !== '' && images !== 'all' && images !== 'local')
    throw new ComposeError(`invalid value for --rmi: ${JSON.stringify(images)}`);
  const { project, name } = await projectOrName(context, []);
  const removeOrphans = flags.given('remove-orphans')
    ? flags.on('remove-orphans')
    : /^(1|t|true)$/i.test(process.env.get('COMPOSE_REMOVE_ORPHANS') ?? '');
  await withProgress(context, (session) =>
    downProject(session, name.toLowerCase(), project, {
      services: operands,
      removeOrphans,
      volumes: flags.on('volumes'),
      images,
      timeout: flags.number('timeout'),
    }),
  );
  return 0;
};
