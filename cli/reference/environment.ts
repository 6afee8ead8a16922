/** Owns what is told of the environment variables that are not those of a global flag. */
export const environment: Readonly<Record<string, string>> = {
  NO_COLOR: 'set to anything: no colours',
  TERM: 'unset or `dumb`: no colours, and no line that shows what is waited for',
  EDITOR: 'the editor of `edit`, with its arguments; `vi` without it',
  HOME: 'where `.dispatch/config.json` is',
  SSL_CERT_FILE: 'certificate authorities (PEM) to trust instead of those of the system',
  HTTPS_PROXY: 'proxy for `https`, also in lower case; never used for loopback addresses',
  HTTP_PROXY: 'proxy for `http`, also in lower case; never used for loopback addresses',
  NO_PROXY: 'hosts that are reached without a proxy, also in lower case',
  XDG_CACHE_HOME: 'where the launcher of `dist/` keeps compiled code; `$HOME/.cache` without it',
}
