import { expect, test } from '@playwright/test';
import { Learner } from './learner';

test('the ten steps of docker run light their layers, with what each made', async ({ page }) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await page.getByRole('button', { name: 'Container', exact: true }).click();
  await learner.types('docker run -d --name web -p 8080:80 nginx');
  const steps = page.locator('[data-step]');
  await expect(steps).toHaveCount(10);
  for (let step = 1; step <= 10; step++) {
    if (step === 4) continue; // pulled before
    await expect(page.locator(`[data-step="${step}"] summary`).first()).toBeVisible({ timeout: 60_000 });
  }
  await expect(page.locator('.layers .lit')).toHaveCount(8);
  await page.locator('[data-step="5"] summary').first().click();
  await expect(page.locator('[data-step="5"]')).toContainText('/var/lib/docker/overlay2/l/');
  await page.locator('[data-step="9"] summary').first().click();
  await expect(page.locator('[data-step="9"]')).toContainText('pivot_root(');
  await page.getByRole('button', { name: 'Windows containers' }).click();
  await expect(page.locator('[data-layer="kernel"]')).toContainText('silos');
});
