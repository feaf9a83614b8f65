import { source } from '../source.js';

/** src/settings.js: what the environment says. */
export const settingsJs = source`import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Host and port from the environment or .env; throws where the port is none. */
export function loadSettings() {
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  const port = Number(process.env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error('PORT must be a number from 0 to 65535.');
  return { host: process.env.HOST || '127.0.0.1', port };
}

/** Where the records are kept. */
export function dataFile() {
  const path = process.env.DATA_FILE || join(process.env.DATA_DIR || 'data', 'records.jsonl');
  return isAbsolute(path) ? path : join(root, path);
}
`;

/** src/main.js: start and stop. */
export const mainJs = source`import { createApp } from './server.js';
import { dataFile, loadSettings } from './settings.js';
import { openStore } from './store.js';

try {
  const { host, port } = loadSettings();
  start(host, port, openStore(dataFile()));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

function start(host, port, store) {
  const server = createApp({ store });
  server.on('error', (error) => {
    console.error(error.code === 'EADDRINUSE' ? \`Port \${port} is in use. Set another one with PORT.\` : error.message);
    process.exit(1);
  });
  server.listen(port, host, () => {
    const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    console.log(\`Ready: http://\${shown}:\${server.address().port}\`);
  });
  const stop = () => {
    server.close(() => {
      store.close();
      process.exit(0);
    });
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 3000).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
`;
