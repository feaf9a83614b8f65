import { source } from './source.js';

/** Files around the sources: start, container and continuous integration. */
export const lintJs = source`import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/* Checks the syntax of every source file. */

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
let failed = false;
for (const folder of ['src', 'public', 'test', 'test-support', 'scripts']) {
  for (const name of readdirSync(folder, { recursive: true }).filter((one) => one.endsWith('.js'))) {
    const check = spawnSync(process.execPath, ['--check', \`\${folder}/\${name}\`], { encoding: 'utf8' });
    if (check.status !== 0) {
      failed = true;
      console.error(check.stderr);
    }
  }
}
console.log(failed ? 'Some files have errors.' : 'All files are well formed.');
process.exit(failed ? 1 : 0);
`;

export const runAppSh = source`#!/bin/sh
# Installs what is needed, starts the app and prints its address.
set -eu
cd "$(dirname "$0")"

if ! command -v node >/dev/null 2>&1; then
  echo "Node.js 20.19 or newer is needed: https://nodejs.org" >&2
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "Node.js 20.19 or newer is needed; this is $(node --version)." >&2
  exit 1
fi
if grep -q '"dependencies"' package.json && [ ! -d node_modules ]; then
  npm install --no-audit --no-fund
fi
exec node src/main.js
`;

export const runAppBat = source`@echo off
rem Installs what is needed, starts the app and prints its address.
cd /d "%~dp0"
where node >nul 2>nul
if errorlevel 1 (
  echo Node.js 20.19 or newer is needed: https://nodejs.org
  exit /b 1
)
findstr /c:"\"dependencies\"" package.json >nul
if not errorlevel 1 if not exist node_modules call npm install --no-audit --no-fund
node src\main.js
`;

export const dockerfile = source`FROM node:22-alpine
WORKDIR /app
COPY package.json package-lock.json ./
COPY src ./src
COPY public ./public
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD node -e "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "src/main.js"]
`;

export const ciYml = source`name: CI
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [20, 22, 24]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node }}
      - run: npm ci
      - run: npm run lint
      - run: npm test
`;
