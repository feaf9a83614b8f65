import { source } from './source.js';

/** src/main.js: configuration, start and stop. */
export const mainJs = source`import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from './server.js';
import { openStore } from './store.js';

const root = fileURLToPath(new URL('..', import.meta.url));

if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));

const host = process.env.HOST || '127.0.0.1';
const port = Number(process.env.PORT || 8080);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error('PORT must be a number from 0 to 65535.');
  process.exit(1);
}

const inRoot = (path) => (isAbsolute(path) ? path : join(root, path));
const dataFile = inRoot(process.env.DATA_FILE || join(process.env.DATA_DIR || 'data', 'records.jsonl'));

let store;
try {
  store = openStore(dataFile);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const server = createApp({ store });

server.on('error', (error) => {
  console.error(error.code === 'EADDRINUSE' ? \`Port \${port} is in use. Set another one with PORT.\` : error.message);
  process.exit(1);
});

server.listen(port, host, () => {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  console.log(\`Ready: http://\${shown}:\${server.address().port}\`);
});

function stop() {
  server.close(() => {
    store.close();
    process.exit(0);
  });
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 3000).unref();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
`;
