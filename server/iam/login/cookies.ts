/** Cookies of the pages of a login. */

export interface CookieTerms {
  /** In the time of a login in another place the browser comes back from there. */
  sameSite: 'Strict' | 'Lax'
  isEncrypted: boolean
  maxAgeSeconds: number
}

/** Only for the pages of a login; no script can read it. */
export function renderCookie(
  name: string,
  value: string,
  { sameSite, isEncrypted, maxAgeSeconds }: CookieTerms,
): string {
  const secure = isEncrypted ? '; Secure' : ''
  return `${name}=${value}; Path=/v1/iam; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`
}

/** '' when there is none. */
export function readCookie(header: string, name: string): string {
  const pairs = header.split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}
