import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { TemplateBrain } from '../../libs/agents/src/template/index.js';
import { brief, CONTEXT, interview } from '../corpus/interview.js';
import { readCorpus } from '../corpus/metrics.js';
import { CHROMIUM, hasChromium, startBrowser, tour } from '../support/app-tour.js';
import { LaidApp } from '../support/laid-app.js';

const FOLDER = join(import.meta.dirname, '..', 'corpus');
/** Ideas of very different kinds; CORPUS=all takes every one. */
const SOME = ['bee-club', 'coworking-rooms', 'food-bank', 'lab-samples', 'museum-loans', 'village-library'];
const ideas = readCorpus(FOLDER).filter(({ slug }) => process.env['CORPUS'] === 'all' || SOME.includes(slug));

if (!hasChromium()) console.warn(`The tours through generated apps are skipped: there is no ${CHROMIUM} on this machine.`);

(hasChromium() ? describe : describe.skip)('an idea of the corpus becomes an app that works', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 30_000);
  afterAll(() => browser.close());

  it.each(ideas.map(({ slug, idea }) => [slug, idea] as const))('%s', async (_slug, idea) => {
    const brain = new TemplateBrain();
    const { files, commands } = await brain.write((await interview(brain, idea, brief)).plan, CONTEXT);
    const app = LaidApp.lay({ files });
    try {
      for (const command of [commands.install, commands.lint, commands.test])
        expect(await app.run(command ?? 'true')).toEqual({ code: 0, output: expect.any(String) });
      const { visited, problems } = await tour(browser, await app.start(), null);
      expect(problems).toEqual([]);
      expect(visited.length).toBeGreaterThan(4);
    } finally {
      app.remove();
    }
  });
});
