/** Logins at an issuer of OpenID Connect, wired. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { OidcConfig } from './config/oidc.ts'
import { type Clock, msOf } from './core/clock.ts'
import type { LoginPages, LoginProvider } from './core/login-pages.ts'
import type { Log } from './core/ports.ts'
import { boundedFetch } from './http/bounded-fetch.ts'
import type { Operation } from './http/operation.ts'
import { createLockout } from './iam/lockout.ts'
import type { Hand } from './iam/login/browser.ts'
import { createOidcIssuer } from './iam/oidc/issuer.ts'
import { createOidcOperations } from './iam/oidc/routes.ts'
import { type OidcSettings, startPath } from './iam/oidc/settings.ts'

async function readSecret(file: string): Promise<string> {
  const secret = (await readFile(file, 'utf8')).trim()
  if (secret === '') throw new Error(`oidc-client-secret-file ${file} is empty`)
  return secret
}

export const createOidcSettings = ({ secretFile, ...settings }: OidcConfig): OidcSettings => ({
  ...settings,
  ...(secretFile !== undefined && { readClientSecret: () => readSecret(secretFile) }),
})

/** What the login page offers beside a password. */
export const providersOf =
  (settings: OidcSettings | undefined) =>
  (rd: string): readonly LoginProvider[] =>
    settings ? [{ label: new URL(settings.issuer).host, path: `${startPath}?${new URLSearchParams({ rd })}` }] : []

export interface OidcDependencies {
  settings: OidcSettings | undefined
  hand: Hand
  pages: LoginPages
  clock: Clock
  log: Log
}

export function createOidc({ settings, clock, log, ...login }: OidcDependencies): readonly Operation[] {
  const nowMs = () => msOf(clock.nowNs())
  const issuer = settings && createOidcIssuer({ settings, fetch: boundedFetch, nowMs, log })
  return createOidcOperations({ ...login, issuer, nowMs, lockout: createLockout(nowMs), random: () => randomBytes(32) })
}
