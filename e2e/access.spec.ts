import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Learner } from './learner';

const themes = [
  { name: 'light', colorScheme: 'light' },
  { name: 'dark', colorScheme: 'dark' },
  { name: 'more contrast', colorScheme: 'dark', contrast: 'more' },
  { name: 'forced colours', colorScheme: 'dark', forcedColors: 'active', contrast: 'more' },
] as const;
const usual = { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' } as const;

/** What axe finds, as short lines. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  );
}

test('axe finds nothing in any theme, on a desk and on a phone, and nothing is wider than 320 px', async ({ page }) => {
  test.setTimeout(480_000);
  const learner = new Learner(page);
  await learner.arrive();
  await learner.types(
    'kubectl create deployment web --image=nginx --replicas=2; kubectl expose deployment web --port=80',
  );
  await learner.sees('service/web exposed');
  await expect(page.locator('[data-pod^="web-"][data-phase="Running"]')).toHaveCount(2, { timeout: 60_000 });
  await learner.types('docker run -d -p 8080:80 nginx; kubectl run bad --image=nosuch:1; ls --color=always /etc');
  await expect(page.locator('[data-container]')).toHaveCount(1, { timeout: 30_000 });
  await page.getByRole('button', { name: 'Hint 1 of 3' }).click();
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByLabel('Checks')).toContainText('not yet', { timeout: 30_000 });
  await page.getByLabel('show system').check();
  await page.locator('[data-pod^="web-"]').first().click();
  await expect(page.getByRole('region', { name: 'Why' })).toContainText('kubectl');

  for (const { name, ...theme } of themes) {
    await page.emulateMedia({ ...usual, ...theme });
    await learner.picture(`desk ${name}`);
    expect(await findings(page), `desk, ${name}`).toEqual([]);
  }

  await page.setViewportSize({ width: 390, height: 844 });
  for (const { name, ...theme } of themes) {
    await page.emulateMedia({ ...usual, ...theme });
    for (const part of ['Task', 'Shell', 'Stage', 'Timeline']) {
      await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: part }).click();
      await expect(page.locator('.pane:visible')).toHaveCount(1);
      if (name === 'light') await learner.picture(`phone ${part}`);
      expect(await findings(page), `phone, ${part}, ${name}`).toEqual([]);
    }
  }

  await page.emulateMedia(usual);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const part of ['Task', 'Shell', 'Stage', 'Timeline']) {
    await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: part }).click();
    await learner.picture(`narrow ${part}`);
    const wider = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.pane')]
        .filter((part) => part.scrollWidth > part.clientWidth)
        .map((part) => `${part.id || part.tagName} ${part.scrollWidth} > ${part.clientWidth}`),
    );
    expect(wider, part).toEqual([]);
  }
});

test('the keyboard is never trapped: Shift+Tab, Esc then Tab, F6 and Shift+F6; splitters have keys', async ({
  page,
}) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  const terminal = page.locator('[data-terminal="t1"] textarea');
  const part = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.closest('.pane')?.id);
  await expect(terminal).toBeFocused();

  await page.keyboard.press('Tab');
  await expect(terminal).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(terminal).not.toBeFocused();
  await terminal.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(terminal).not.toBeFocused();

  await terminal.focus();
  const visited: (string | undefined)[] = [];
  for (const key of ['F6', 'F6', 'F6', 'F6', 'Shift+F6', 'Shift+F6']) {
    await page.keyboard.press(key);
    visited.push(await part());
  }
  expect(visited).toEqual(['pane-stage', 'pane-timeline', 'pane-task', 'pane-shell', 'pane-task', 'pane-timeline']);

  const splitter = page.getByRole('separator', { name: 'width of the task' });
  const before = Number(await splitter.getAttribute('aria-valuenow'));
  await splitter.focus();
  await page.keyboard.press('ArrowRight');
  expect(Number(await splitter.getAttribute('aria-valuenow'))).toBe(before + 24);

  // On a phone F6 brings the part that it goes to.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Shell' }).click();
  await terminal.focus();
  await page.keyboard.press('F6');
  expect(await part()).toBe('pane-stage');
  await expect(page.locator('#pane-stage')).toBeVisible();
});

test('output is announced once, and nothing moves for who wants it still', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    for (const region of document.querySelectorAll('[aria-live]')) {
      new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    }
  });
  await learner.types('echo one; echo two');
  await learner.sees(/\ntwo\n/);
  const said = (): Promise<readonly string[]> => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await expect.poll(said).toEqual(['one. two']);
  await page.waitForTimeout(1500);
  expect(await said()).toEqual(['one. two']);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  expect(await page.locator('[aria-live="assertive"]').count()).toBe(0);
});
