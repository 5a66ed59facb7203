import { expect, test } from '@playwright/test';
import { Learner } from './learner';

/** A line, what the real tools answer, and their exit status. */
const lines: readonly (readonly [string, RegExp, number])[] = [
  ['nosuchcommand', /nosuchcommand: command not found/, 127],
  ['kubectl get nosuchkind', /error: the server doesn't have a resource type "nosuchkind"/, 1],
  ['kubectl get pods --nosuchflag', /error: unknown flag: --nosuchflag/, 1],
  ["echo 'a: [b' | kubectl apply -f -", /error: error parsing STDIN: error converting YAML to JSON/, 1],
  ['kubectl apply -f nosuch.yaml', /error: the path "nosuch.yaml" does not exist/, 1],
  ['kubectl delete pod nosuchpod', /pods "nosuchpod" not found/, 1],
  ['docker run --nosuchflag nginx', /unknown flag: --nosuchflag/, 125],
  ['docker logs nosuchone', /No such container: nosuchone/, 1],
  ['cat /nosuchfile', /cat: \/nosuchfile: No such file or directory/, 1],
  ['yes | head -n 1', /\ny\n/, 0],
  ['yes > /dev/full', /No space left on device/, 1],
  ['echo "unfinished ) | &&" >/dev/null; ) ', /syntax error near unexpected token `\)'/, 2],
];

/** The shell waits for a line: keys that come before are for whoever runs. */
const prompt = /workstation:~# ?$/;

test('whatever a learner types gets an answer; nothing throws, and the shell lives on', async ({ page }) => {
  test.setTimeout(240_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  const learner = new Learner(page);
  await learner.arrive();
  for (const [line, answer, status] of lines) {
    await learner.clear();
    await learner.types(line);
    await learner.types('echo "<$?>"');
    await learner.sees(/\n<\d+>/);
    expect.soft(await learner.screen(), line).toMatch(answer);
    expect.soft(await learner.screen(), line).toContain(`\n<${status}>`);
  }

  const { keyboard } = page;
  const textarea = page.locator('[data-terminal="t1"] textarea');
  await learner.clear();
  await learner.types('echo "never closed');
  await keyboard.press('Control+c');
  await learner.sees(prompt);
  await learner.types('echo up; cat');
  await learner.sees(/\nup/);
  await keyboard.press('Control+d');
  await learner.sees(prompt);
  await learner.types('yes');
  await learner.sees(/\ny\ny/);
  await keyboard.press('Control+c');
  await learner.sees(prompt);
  for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End', 'Delete', 'Backspace', 'PageUp', 'F1', 'F12', 'Insert']) {
    await keyboard.press(key);
  }
  for (const letter of 'abefghknpqrtuwxyz_]\\') await keyboard.press(`Control+${letter}`);
  await keyboard.press('Control+c');
  // A long paste of anything: escapes, wide letters, halves of letters.
  const odd = '\u001b[200~ü漢字👩‍🚀\ud800\u0000\u0007\u009b31m"`$(((' + 'x'.repeat(20_000);
  await textarea.evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, odd);
  await page.waitForTimeout(500);
  await keyboard.press('Control+c');
  await keyboard.press('Control+q');
  await learner.sees(prompt);
  await learner.types('clear');
  await learner.types('echo lives on');
  await learner.sees(/\nlives on/);
  expect(faults).toEqual([]);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
