import { readFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { Learner } from './learner';

test('a reload comes back to the same screen and the same pods', async ({ page }) => {
  const learner = new Learner(page);
  await learner.arrive();
  await learner.types('kubectl create deployment web --image=nginx --replicas=2');
  const running = page.locator('[data-pod^="web-"][data-phase="Running"]');
  await expect(running).toHaveCount(2, { timeout: 60_000 });
  await learner.types('MINE=kept; echo $RANDOM');
  await learner.sees(/\n\d+\n/);
  const names = (): Promise<readonly (string | null)[]> =>
    running.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-pod')).sort());
  const [pods, screen] = [await names(), (await learner.screen()).trim()];
  // The session is stored once a second at most.
  await page.waitForTimeout(2500);
  expect(page.url()).not.toContain('#');

  await page.reload();
  await learner.prompted();
  await expect(running).toHaveCount(2, { timeout: 30_000 });
  expect(await names()).toEqual(pods);
  await expect.poll(async () => (await learner.screen()).trim()).toBe(screen);
  await learner.types('echo still $MINE');
  await learner.sees('still kept');
});

test('a replay link shows its world and leaves the learner’s own session alone', async ({ page }) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await learner.types('echo mine');
  await learner.sees(/\nmine/);
  await page.waitForTimeout(2500);
  const session = {
    version: 1,
    seed: 3,
    topology: 'seed',
    inputs: [
      { at: 0, input: { kind: 'open', terminal: 't1', host: 'workstation', rows: 24, columns: 80 } },
      { at: 0, input: { kind: 'type', terminal: 't1', data: 'echo theirs\r' } },
    ],
    until: 0,
  };
  // As the page itself packs one (src/app/world/link.ts).
  const packed = deflateRawSync(JSON.stringify(session)).toString('base64url');
  await page.goto(`/#replay=${packed}`);
  await page.reload();
  await learner.sees(/\ntheirs/);
  await learner.types('echo more');
  await page.waitForTimeout(2500);
  await page.goto('/');
  await page.reload();
  await learner.sees(/\nmine/);
  expect(await learner.screen()).not.toContain('theirs');
});

test('a broken stored session starts a fresh one, and the old one can be downloaded', async ({ page }) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await learner.types('echo before');
  await page.waitForTimeout(2500);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opened = indexedDB.open('bottleship');
        opened.onerror = () => reject(new Error('no database'));
        opened.onsuccess = () => {
          const change = opened.result.transaction('sessions', 'readwrite');
          change.objectStore('sessions').put({ version: 1, seed: 'seven', inputs: 'none' }, 'current');
          change.oncomplete = () => resolve();
        };
      }),
  );
  await page.reload();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The stored session could not be brought back', { timeout: 30_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    alert.getByRole('button', { name: 'Download the old one' }).click(),
  ]);
  expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toEqual({
    version: 1,
    seed: 'seven',
    inputs: 'none',
  });
  await learner.prompted();
  await learner.types('echo a fresh one');
  await learner.sees(/\na fresh one/);
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
});

test('the lesson: a check says why not, hints come one by one, Solve types, Next follows what holds', async ({
  page,
}) => {
  const learner = new Learner(page);
  await learner.arrive();
  const task = page.getByRole('region', { name: 'Task' });
  const press = (name: string | RegExp): Promise<void> => task.getByRole('button', { name }).click();

  await press('Check');
  await expect(task.getByLabel('Checks')).toContainText('deployment default/nginx: wanted it to exist, there is none', {
    timeout: 30_000,
  });
  await expect(task.getByRole('button', { name: 'Next' })).toHaveCount(0);
  for (const hint of [1, 2, 3]) {
    await press(`Hint ${hint} of 3`);
    await expect(task.getByLabel('Hints').getByRole('listitem')).toHaveCount(hint);
  }
  await expect(task.getByRole('button', { name: 'Hint 3 of 3' })).toBeDisabled();

  await press('Solve');
  await learner.sees('kubectl create deployment nginx --image=nginx --replicas=3');
  await page.waitForTimeout(1000);
  expect(await learner.screen()).not.toContain('created');
  await page.locator('[data-terminal="t1"] textarea').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-pod^="nginx-"][data-phase="Running"]')).toHaveCount(3, { timeout: 60_000 });
  await press('Check');
  await expect(task.getByRole('button', { name: 'Next' })).toBeVisible({ timeout: 30_000 });
  await learner.picture('lesson passed');
  await press('Next');
  await expect(task).toContainText('Step 2 of 3');
  await expect(task.getByLabel('Checks').getByRole('listitem')).toHaveCount(0);
  await expect(task.getByRole('button', { name: 'Check' })).toBeVisible();
});

test('exit ends the shell and Enter brings a new one; the world can be slowed, paused and stepped', async ({
  page,
}) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await learner.types('GONE=soon; exit');
  await learner.sees('The shell has ended. Press Enter for a new one.');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await learner.screen()).trim().split('\n').at(-1)).toMatch(/workstation:~#$/);
  await learner.types('echo "<$GONE>"');
  await learner.sees(/\n<>/);

  const clock = page.locator('[data-clock]');
  const speed = (name: string): ReturnType<Page['getByRole']> => page.getByRole('button', { name, exact: true });
  await speed('×100').click();
  await expect(speed('×100')).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'pause' }).click();
  const play = page.getByRole('button', { name: 'play' });
  await expect(play).toHaveAttribute('aria-pressed', 'true');
  const stopped = await clock.textContent();
  await page.waitForTimeout(1200);
  expect(await clock.textContent()).toBe(stopped);
  for (let step = 0; step < 40 && (await clock.textContent()) === stopped; step++) {
    await page.getByRole('button', { name: 'step' }).click();
    await page.waitForTimeout(30);
  }
  expect(await clock.textContent()).not.toBe(stopped);
  await play.click();
  await expect(speed('×100')).toHaveAttribute('aria-pressed', 'true');
});
