import { helloWorldOfWindows } from '../windows/images';
import { program } from './entries';
import { repository } from './registry';
import { build, cmd, copy } from './steps';

export const helloWorld = repository(
  'docker.io/library/hello-world',
  [
    [
      ['latest', 'linux'],
      () =>
        build('2025-08-08T19:05:17Z', undefined, [
          copy('hello', '/', { '/hello': program('hello', 10_072) }),
          cmd('/hello'),
        ]),
    ],
  ],
  helloWorldOfWindows,
);
