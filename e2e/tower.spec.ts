import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Learner } from './learner';

test('the ten steps of docker run light their layers; what a container writes lies on its image’s layers', async ({
  page,
}) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await page.getByRole('button', { name: 'Container', exact: true }).click();
  await learner.types('docker run -d --name web -p 8080:80 nginx');
  await expect(page.locator('[data-step]')).toHaveCount(10);
  for (const step of [1, 2, 3, 5, 6, 7, 8, 9, 10]) {
    await expect(page.locator(`[data-step="${step}"] summary`).first()).toBeVisible({ timeout: 60_000 });
  }
  await expect(page.locator('.layers .lit')).toHaveCount(8);
  await page.locator('[data-step="5"] summary').first().click();
  await expect(page.locator('[data-step="5"]')).toContainText('/var/lib/docker/overlay2/');
  await page.locator('[data-step="9"] summary').first().click();
  await expect(page.locator('[data-step="9"]')).toContainText('pivot_root(');

  await learner.types('docker exec web sh -c "echo hi > /new; rm /etc/nginx/conf.d/default.conf"');
  const own = page.locator('[data-sheet].writable');
  await expect(own).toContainText('A /new', { timeout: 30_000 });
  await expect(own).toContainText('D /etc/nginx/conf.d/default.conf');
  expect((await new AxeBuilder({ page }).include('.tower').analyze()).violations).toEqual([]);

  await page.getByRole('button', { name: 'Windows containers' }).click();
  await expect(page.locator('[data-layer="kernel"]')).toContainText('silos');
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Stage' }).click();
  const [scroll, client] = await page
    .locator('#pane-stage')
    .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
  expect(scroll).toBe(client);
});
