// Finds a Chromium for the browser tests: Playwright's own, else the system's, else Debian's package when we are root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const runs = (path) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0;

/** The path of an executable, or undefined for "Playwright's own". Throws if there is none and none can be had. */
export async function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const { chromium } = await import('@playwright/test');
  if (existsSync(chromium.executablePath()) && runs(chromium.executablePath())) return undefined;
  const present = onPath();
  if (present !== undefined) return present;

  console.log('no Chromium here; asking Playwright for its own …');
  spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], { stdio: 'inherit' });
  if (existsSync(chromium.executablePath()) && runs(chromium.executablePath())) return undefined;

  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Playwright could not install one; asking Debian …');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'inherit' });
    const installed = onPath();
    if (installed !== undefined) return installed;
  }
  throw new Error('no Chromium found: install one, or name it in CHROMIUM=');
}

function onPath() {
  for (const name of names) {
    const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (status === 0 && runs(stdout.trim())) return stdout.trim();
  }
  return undefined;
}
