/** Longer than any part may take to stop, and within the 10 s that service managers give. */
const PATIENCE_MS = 9_500;

/** Runs `stop` at the first SIGINT or SIGTERM and then ends the process; a second signal, or losing patience, ends it at once. */
export function onceStopped(stop: () => Promise<void>): void {
  let stopping = false;
  const handle = (signal: 'SIGINT' | 'SIGTERM') => {
    if (stopping) process.exit(130);
    stopping = true;
    setTimeout(() => process.exit(1), PATIENCE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`stopping after ${signal} failed: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
}
