import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { WrittenCode } from '#agents';

/** Where Debian's package puts it; the tours are skipped where it is not. */
export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = (): boolean => existsSync(CHROMIUM);

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });

/** A generated app in a folder of its own. */
export class LaidApp {
  private child: ChildProcess | undefined;

  private constructor(readonly folder: string) {}

  static lay({ files }: Pick<WrittenCode, 'files'>): LaidApp {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-app-'));
    for (const { path, content, executable = false } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: executable ? 0o755 : 0o644 });
    }
    return new LaidApp(folder);
  }

  /** @returns the exit code and everything it printed */
  run(command: string): Promise<{ code: number | null; output: string }> {
    const child = spawn('sh', ['-c', command], { cwd: this.folder, env: cleanEnvironment() });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
  }

  /** @returns its address */
  async start(): Promise<string> {
    const child = spawn(join(this.folder, 'run-app.sh'), [], { cwd: this.folder, env: { ...cleanEnvironment(), PORT: '0', HOST: '127.0.0.1' } });
    this.child = child;
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      const address = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined) return address;
    }
    throw new Error(`the app did not start: ${output}`);
  }

  remove(): void {
    this.child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A test runner's own settings would reach the app's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|JEST_)/.test(name)));
}

export interface Tour {
  /** Pages that were opened by clicking, in order. */
  readonly visited: readonly string[];
  /** What went wrong in the browser: errors of scripts, answers of 400 and above, pages that scroll sideways. */
  readonly problems: readonly string[];
}

/**
 * Goes through an app as somebody does who looks at it for the first time: makes an account where one is asked for, adds
 * the sample records, opens every page of the navigation, a record and a form, on a desktop and on a phone.
 *
 * @param screenshot where the first page is kept as a picture; null for none
 */
export async function tour(browser: Browser, address: string, screenshot: string | null): Promise<Tour> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const visited: string[] = [];
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('response', (answer) => answer.status() >= 400 && problems.push(`${answer.status()} ${new URL(answer.url()).pathname}`));
  const look = async (): Promise<void> => {
    visited.push(new URL(page.url()).pathname);
    const width = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (Number(width) > 0) problems.push(`${page.url()} scrolls sideways`);
  };
  try {
    await page.goto(address);
    if (page.url().includes('/sign-')) await signUp(page, address);
    const samples = page.locator('main button', { hasText: 'sample' }).first();
    if ((await samples.count()) > 0) await samples.click();
    await page.goto(address);
    await look();
    if (screenshot !== null) await page.screenshot({ path: screenshot, fullPage: true });
    const links = await page.locator('nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    for (const link of links.filter((one) => one.startsWith('/') && one !== '/')) {
      await page.goto(address);
      await page.locator(`nav a[href="${link}"]`).first().click();
      await look();
      const record = page.locator('main tbody a').first();
      if ((await record.count()) === 0) continue;
      await record.click();
      await look();
    }
    await page.goto(address);
    await page
      .locator('main a', { hasText: /^Add an? / })
      .first()
      .click();
    await look();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const link of ['/', links[1] ?? '/']) {
      await page.goto(`${address}${link}`);
      await look();
    }
    return { visited, problems };
  } finally {
    await page.close();
  }
}

async function signUp(page: Page, address: string): Promise<void> {
  await page.goto(`${address}/sign-up`);
  await page.fill('input[name=email]', 'first@example.org');
  await page.fill('input[name=password]', 'correct horse battery');
  await page.locator('main button').first().click();
}
