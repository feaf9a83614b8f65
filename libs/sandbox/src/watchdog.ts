import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Holds one end of a pipe to us. A line on it means that all went well; its end without a line means that we died
 * (kill -9 included), and then everything that carries the marker, or belongs to the user, is killed.
 */
const SCRIPT = `
read -r ended && exit 0
quiet=0
while [ $quiet -lt 3 ]; do
  quiet=$((quiet + 1))
  for process in /proc/[0-9]*; do
    if grep -qaF "$1" "$process/environ" 2>/dev/null; then kill -9 "\${process#/proc/}" 2>/dev/null && quiet=0; fi
  done
  if [ "$2" != none ]; then setpriv --reuid "$2" --regid "$2" --clear-groups /bin/sh -c 'kill -9 -1' 2>/dev/null; fi
done`;

export interface Watchdog {
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts the watchdog of one command. To be called before the command starts. */
export function startWatchdog(marker: string, uid: number | null): Watchdog {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', marker, uid === null ? 'none' : String(uid)], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = once(child, 'exit').catch(() => undefined);
  child.stdin.on('error', () => undefined);
  return {
    async stop() {
      child.stdin.end('ended\n');
      await gone;
    },
  };
}
