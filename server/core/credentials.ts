/** By what callers prove who they are in HTTP requests. */

/** Headers, in lower case. */
export const credentialHeaders: readonly string[] = ['authorization', 'proxy-authorization', 'cookie']

/** What tokens of ours begin with: those that programs hold, and those of who has logged in. */
export const tokenPrefixes = { api: 'dst_', session: 'dss_' } as const

export const isToken = (text: string): boolean => Object.values(tokenPrefixes).some(prefix => text.startsWith(prefix))

/** Names of the cookies that the pages of a login set. */
export const loginCookies = { ticket: 'dispatch-login', form: 'dispatch-form', issuer: 'dispatch-oidc' } as const

/** Clients send a token alone; browsers send all cookies of the place, each with its name. */
export const cookiesIn = (header: string): { text: string; name: string; value: string }[] =>
  header.split(';').map(part => {
    const text = part.trim()
    const end = isToken(text) ? -1 : text.indexOf('=')
    return { text, name: text.slice(0, Math.max(0, end)), value: text.slice(end + 1) }
  })
