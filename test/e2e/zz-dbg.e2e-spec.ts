import { plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { ContentStore, DATABASE } from '#platform';
let app: TestApp;
let ada: Person;
beforeAll(async () => { app = await startApp({ brain: plainBrain() }); ada = await app.newPerson(); }, 60000);
afterAll(() => app?.close(), 30_000);
it('x', async () => {
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
  const { tasks } = await ada.reaches(project_id, 'completed');
  const db = app.get<any>(DATABASE);
  const cs = app.get<any>(ContentStore);
  const orig = db.query.bind(db);
  let n = 0; const open = new Map<number, string>();
  db.query = async (sql: string, p: any) => { const k = ++n; open.set(k, sql.slice(0, 80)); try { return await orig(sql, p); } finally { open.delete(k); } };
  const gets = new Map<number, string>(); let g = 0;
  const og = cs.getJson.bind(cs); cs.getJson = async (...a: any[]) => { const k = ++g; gets.set(k, a[1]); try { return await og(...a); } finally { gets.delete(k); } };
  for (let i = 0; i < 60; i++) {
    const timer = setTimeout(() => { console.log('HANG', i, [...open], [...gets], db.driver.master.totalCount, db.driver.master.idleCount, db.driver.master.waitingCount); }, 3000);
    const t = Date.now();
    await Promise.all(tasks.map(({ task_id }) => ada.ask('GET', `/tasks/${task_id}`)));
    clearTimeout(timer);
    if (Date.now() - t > 1000) console.log('slow', i, Date.now() - t);
  }
}, 100000);
