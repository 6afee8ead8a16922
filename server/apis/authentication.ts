/** Whom an API lets in, out of what it says: a kind that it names, and what that kind is checked against. Pure. */
import type { ApiAuthentication } from '../core/ports.ts'
import type { ApiTerms } from './schema.ts'

type Said = Pick<ApiTerms, 'authentication' | 'authenticationSecret' | 'oidc'>

const bySecret =
  (scheme: 'basic' | 'bearer') =>
  ({ authenticationSecret: secret }: Said): ApiAuthentication =>
    secret === undefined
      ? { scheme: 'unusable', cause: `its authentication is ${scheme}, and it names no authenticationSecret` }
      : { scheme, secret }

const byIssuer = ({ authentication, oidc }: Said): ApiAuthentication =>
  oidc === undefined
    ? {
        scheme: 'unusable',
        cause: `its authentication is ${authentication}, and it has no oidc with issuer and audience`,
      }
    : { scheme: 'oidc', ...oidc }

const kinds = new Map<string, (said: Said) => ApiAuthentication | undefined>([
  ...['', 'public'].map(kind => [kind, () => undefined] as const),
  ['basic', bySecret('basic')],
  ['bearer', bySecret('bearer')],
  ...['oidc', 'oauth2'].map(kind => [kind, byIssuer] as const),
])

/** undefined: anybody. A free text restricts nobody, but one beside what a known kind needs is a typing mistake, not a free text. */
export function parseAuthentication(said: Said): ApiAuthentication | undefined {
  const parse = kinds.get(said.authentication)
  if (parse) return parse(said)
  if (said.authenticationSecret === undefined && said.oidc === undefined) return undefined
  const known = [...kinds.keys()].filter(Boolean).join(', ')
  return { scheme: 'unusable', cause: `its authentication is none of ${known}` }
}
