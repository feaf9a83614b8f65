import { basename, join, resolve } from 'node:path';
import { TemplateBrain } from '../libs/agents/src/template/index.js';
import { CONTEXT, weighing } from '../test/corpus/interview.js';
import { scoreAlone, scoreCorpus, shares, type Scored } from '../test/corpus/metrics.js';
import { CATEGORIES } from '../test/corpus/score.js';
import { CHROMIUM, hasChromium, startBrowser, tour } from '../test/support/app-tour.js';
import { LaidApp } from '../test/support/laid-app.js';
import type { Bench } from './bench.js';

const CORPUS = join(import.meta.dirname, '..', 'test', 'corpus');
/** A folder of ideas that the rules have not seen, as test/corpus/README.md describes them. */
const HELD_OUT = process.env['HELD_OUT'] === undefined ? undefined : resolve(process.env['HELD_OUT']);
/** Apps that are built, tested and opened in the quick run. */
const FEW = 2;

/** How much of the corpus' ideas the template brain understands, and whether what it writes works. */
const templates: Bench = async ({ quick, report }) => {
  const brain = new TemplateBrain();
  report.progress('reading the ideas');
  const scored = await scoreCorpus(brain, CORPUS, weighing);
  const [alone, found] = [shares(scored, 'alone'), shares(scored)];
  const percent = (share: number | null): number => Math.round(100 * (share ?? 1));
  const expected = (category: (typeof CATEGORIES)[number]): number => scored.reduce((sum, { score }) => sum + score.expected[category], 0);
  report.table({
    title: `understood, of ${scored.length} ideas`,
    columns: [{ name: 'expected' }, { name: 'from the text alone, %' }, { name: 'after the conversation, %' }],
    rows: CATEGORIES.map((category) => ({ name: category, cells: [expected(category), percent(alone[category]), percent(found[category])] })),
  });
  const total = (count: (one: Scored) => number): number => scored.reduce((sum, one) => sum + count(one), 0);
  const mean = (count: (one: Scored) => number): string => (total(count) / scored.length).toFixed(1);
  report.note(
    `Things, fields, roles and rules that nobody expected: ${total(({ alone: { extra } }) => extra.length)} from the text alone, ${total(({ score }) => score.extra.length)} after the conversation. ` +
      `Of ${total(({ interview }) => interview.proposed)} questions with something to build, ${total(({ interview }) => interview.agreed)} were agreed to. ` +
      `An idea takes ${mean(({ interview }) => interview.turns.length)} messages of the analyst with ${mean(({ interview }) => interview.turns.flatMap((turn) => turn.questions).length)} questions.`,
  );

  const folders = ['second', 'third', ...(HELD_OUT === undefined ? [] : [HELD_OUT])];
  report.progress('reading the ideas of the other folders');
  const read = await Promise.all(folders.map((folder) => scoreAlone(brain, resolve(CORPUS, folder))));
  report.table({
    title: 'understood from the text alone, by folder, the least seen by the rules last',
    columns: [
      { name: `corpus (${scored.length}), %` },
      ...folders.map((folder, at) => ({ name: `${basename(folder)} (${read[at]?.length ?? 0}), %` })),
    ],
    rows: CATEGORIES.map((category) => ({
      name: category,
      cells: [percent(alone[category]), ...read.map((ideas) => percent(shares(ideas, 'alone')[category]))],
    })),
  });

  const browser = hasChromium() ? await startBrowser() : null;
  if (!browser) report.note(`The tours through the apps are skipped: there is no ${CHROMIUM} on this machine.`);
  const rows: { name: string; cells: number[] }[] = [];
  try {
    for (const { slug, interview, milliseconds } of scored.slice(0, quick ? FEW : undefined)) {
      report.progress(slug);
      const { files, commands } = await brain.write(interview.plan, CONTEXT);
      const app = LaidApp.lay({ files });
      try {
        const started = performance.now();
        const { code } = await app.run(`${commands.install} && ${commands.lint ?? 'true'} && ${commands.test}`);
        const seconds = (performance.now() - started) / 1_000;
        const problems = browser ? (await tour(browser, await app.start(), null)).problems.length : 0;
        rows.push({ name: slug, cells: [milliseconds / 1_000, files.length, code === 0 ? 1 : 0, seconds, problems] });
      } finally {
        app.remove();
      }
    }
  } finally {
    await browser?.close();
  }
  const columns = ['idea to plan, s', 'files', 'tests pass', 'install and test, s', 'problems in the browser'].map((name) => ({ name }));
  report.table({ title: 'apps', columns, rows });
  report.ratios({
    name: 'share of apps whose tests pass',
    value: rows.filter(({ cells }) => cells[2] === 1).length / rows.length,
    aim: { at_least: 1 },
  });
};
export default templates;
