import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where Debian's package puts it; the tours are skipped where it is not. */
export const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = (): boolean => existsSync(CHROMIUM);

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });

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
