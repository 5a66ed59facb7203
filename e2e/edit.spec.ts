import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Learner } from './learner';

test('a file that vi opens is edited in a pane, saved and closed', async ({ page }) => {
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await learner.types("printf 'a: 1\\nb: 2\\n' > p.yaml");
  await learner.types('vi p.yaml');
  await page.getByRole('button', { name: 'Open p.yaml in a pane' }).click();
  const pane = page.getByRole('region', { name: 'Edit p.yaml' });
  const text = pane.getByRole('textbox', { name: 'Text of p.yaml' });
  await expect(text).toBeFocused({ timeout: 20_000 });
  await page.keyboard.press('Control+End');
  await page.keyboard.type('c: ü');
  await page.keyboard.press('Control+s');
  await expect(pane.getByRole('status')).toHaveText('"p.yaml" 3L, 16B written');
  await learner.picture('edit-pane');
  expect((await new AxeBuilder({ page }).include('.edit').analyze()).violations).toEqual([]);

  // Nobody is trapped: Escape, then Tab leaves the text; F6 comes to the next part and back.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(text).not.toBeFocused();
  await text.focus();
  await page.keyboard.press('F6');
  await expect(text).not.toBeFocused();
  await page.keyboard.press('Shift+F6');
  await expect(text).toBeFocused();

  await pane.getByRole('button', { name: 'Close' }).click();
  await expect(pane).toHaveCount(0);
  await learner.types('echo "status $?"; cat p.yaml');
  await learner.sees(/status 0\na: 1\nb: 2\nc: ü/);
});

test('with the switch on, kubectl edit opens in the pane; it stays on after a reload', async ({ page }) => {
  const learner = new Learner(page);
  await learner.arrive();
  await page.getByRole('checkbox', { name: 'Edit in a pane' }).check();
  await learner.types('kubectl create deployment web --image=nginx');
  await learner.sees('deployment.apps/web created');
  await learner.types('kubectl edit deployment web');
  const pane = page.getByRole('region', { name: /^Edit \/tmp\/kubectl-edit-/ });
  const text = pane.getByRole('textbox');
  await expect(text).toBeFocused({ timeout: 20_000 });
  await expect(text).toContainText('# Please edit the object below.');
  await page.keyboard.press('Control+f');
  await expect(pane.getByPlaceholder('Find')).toBeFocused();
  await page.keyboard.type('replicas: 1');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(text).toBeFocused();
  await page.keyboard.type('replicas: 2');
  await pane.getByRole('button', { name: /^Save/ }).click();
  await expect(pane.getByRole('status')).toContainText('written');
  await pane.getByRole('button', { name: 'Close' }).click();
  await learner.sees('deployment.apps/web edited');
  await expect(page.locator('[data-pod^="web-"]')).toHaveCount(2, { timeout: 30_000 });
  await page.waitForTimeout(2500);
  await page.reload();
  await learner.sees('deployment.apps/web edited');
  await expect(page.getByRole('checkbox', { name: 'Edit in a pane' })).toBeChecked();
});

test('the pane fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const learner = new Learner(page);
  await learner.meetsPrompt();
  await learner.types('nano n.txt');
  await page.getByRole('button', { name: 'Open n.txt in a pane' }).click();
  const pane = page.getByRole('region', { name: 'Edit n.txt' });
  await expect(pane.getByRole('textbox')).toBeFocused({ timeout: 20_000 });
  await learner.picture('edit-pane-phone');
  const box = await pane.boundingBox();
  expect(box!.x).toBeGreaterThanOrEqual(0);
  expect(box!.x + box!.width).toBeLessThanOrEqual(320);
  await pane.getByRole('button', { name: 'To the terminal' }).click();
  await expect(pane).toHaveCount(0);
  await learner.sees('GNU nano');
});
