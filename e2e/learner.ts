import { expect, type Locator, type Page } from '@playwright/test';

/** Types at the terminal as a learner does and reads what is on its screen. */
export class Learner {
  readonly #screen: Locator;

  constructor(readonly page: Page) {
    this.#screen = page.locator('[data-terminal="t1"] .xterm-rows');
  }

  /** Opens a fresh world and waits for the prompt. */
  async meetsPrompt(): Promise<void> {
    await this.page.goto('/#fresh');
    await this.prompted();
  }

  async prompted(): Promise<void> {
    await expect(this.#screen).toContainText('workstation:~#', { timeout: 30_000 });
  }

  /** Opens a fresh world and waits for the prompt and for all nodes. */
  async arrive(): Promise<void> {
    await this.meetsPrompt();
    await this.page.getByRole('button', { name: '×10', exact: true }).click();
    for (const node of ['controlplane', 'node1', 'node2']) {
      await expect(this.page.locator(`[data-node="${node}"]`)).toContainText(/\bReady/, { timeout: 60_000 });
    }
    await this.page.getByRole('button', { name: '×1', exact: true }).click();
  }

  /** One line and Enter. */
  async types(line: string): Promise<void> {
    await this.page.locator('[data-terminal="t1"] textarea').focus();
    await this.page.keyboard.type(line, { delay: 5 });
    await this.page.keyboard.press('Enter');
  }

  /** Waits until the screen shows it, whether or not the terminal had to wrap the line. */
  async sees(text: string | RegExp): Promise<void> {
    await expect
      .poll(
        async () => {
          const screen = await this.screen();
          return `${screen}\n${screen.replaceAll('\n', '')}`;
        },
        { timeout: 30_000 },
      )
      .toMatch(text);
  }

  async screen(): Promise<string> {
    const rows = await this.#screen.locator('> div').allTextContents();
    return rows.map((row) => row.replace(/\u00a0/g, ' ').trimEnd()).join('\n');
  }

  async clear(): Promise<void> {
    await this.types('clear');
    await expect.poll(async () => (await this.screen()).trim().split('\n').length).toBe(1);
  }

  /** Keeps a picture of this state as a test artefact. */
  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: `test-results/pictures/${name}.png` });
  }
}
