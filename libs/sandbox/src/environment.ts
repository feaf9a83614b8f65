/** Paths as the command sees them. */
export interface SandboxPaths {
  readonly workspace: string;
  readonly home: string;
  readonly tmp: string;
}

/**
 * The whole environment of a command: nothing is inherited. npm is told that there is no network, so that it fails at
 * once where a package is missing instead of retrying for minutes.
 *
 * @param nodeBin folder of the node binary as the command sees it; first in PATH
 * @param extra what the caller adds; it may override anything here
 */
export function sandboxEnvironment(paths: SandboxPaths, nodeBin: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const path = [nodeBin, '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
  return {
    PATH: [...new Set(path)].join(':'),
    HOME: paths.home,
    TMPDIR: paths.tmp,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    npm_config_cache: `${paths.home}/.npm`,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_progress: 'false',
    ...extra,
  };
}
