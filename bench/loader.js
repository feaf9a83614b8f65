/** `node --import ./bench/loader.js`: runs the benchmarks' TypeScript as it is, on the product as it is built in `dist`. */
import { register } from 'node:module';

process.setSourceMapsEnabled(true);
register('./loader-hooks.js', import.meta.url);
