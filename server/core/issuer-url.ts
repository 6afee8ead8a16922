/** Which addresses of issuers of identities may be asked: those over TLS, and without it those of this machine alone. */

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** Whether it is asked without TLS, which only this machine's own issuers may be. */
export const isPlain = (url: URL): boolean => url.protocol === 'http:' && isLoopback(url)

/** Throws an Error. `mayBePlain`: of an issuer that itself is asked without TLS. */
export function parseIssuerUrl(text: unknown, mayBePlain: boolean): URL {
  const url = URL.parse(String(text))
  if (url?.protocol === 'https:' || (url && mayBePlain && isPlain(url))) return url
  throw new Error(`${JSON.stringify(text)} is no https URL`)
}
