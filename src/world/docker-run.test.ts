import { expect, test } from 'vitest';
import { Typist } from './testing/typist';

test(
  'a shell in a container: its terminal, its exit status, leaving it and coming back',
  { timeout: 60_000 },
  async () => {
    const person = await Typist.sit({ topology: 'docker' });
    await person.type('docker pull -q busybox\r');
    await person.until((rows) => rows.includes('docker.io/library/busybox:latest'));
    await person.line('clear', 100);

    await person.type('docker run -it --rm --hostname box busybox sh\r', 1_000);
    await person.see();
    expect(await person.line('hostname; tty; stty size; ls /dev/pts; exit 3', 500)).toBe(
      [
        '/ # hostname; tty; stty size; ls /dev/pts; exit 3',
        'box',
        '/dev/pts/0',
        '40 120',

        '0     ptmx',
        'workstation:~#',
      ].join('\n'),
    );
    expect(await person.line('echo $?', 100)).toBe('workstation:~# echo $?\n3\nworkstation:~#');

    await person.type('docker run -it --name left busybox sh\r', 1_000);
    await person.type('x=1\r', 100);
    await person.type('\x10\x11', 500);
    expect(await person.see()).toContain('/ # x=1\n/ # workstation:~#');
    expect(await person.line('docker ps --format "{{.Names}} {{.Command}}"', 500)).toContain('left "sh"');
    await person.type('docker attach left\r', 500);
    await person.see();
    expect(await person.line('echo x=$x; exit', 500)).toContain('x=1\nworkstation:~#');

    await person.type('docker run --rm -it --detach-keys=ctrl-a,x --name other busybox sh\r', 1_000);
    await person.type('\x01x', 500);
    expect(await person.see()).toContain('/ # workstation:~#');
    // The first process of a container has no default for ^C; with --init it is not the first.
    await person.type('docker run --rm -it --init busybox sleep 300\r', 1_000);
    await person.type('\x03', 500);
    await person.see();
    expect(await person.line('echo $?', 100)).toBe('^Cworkstation:~# echo $?\n130\nworkstation:~#');
  },
);
