/** Which values nobody is shown, and how those are shown that hold a secret among other things. */
import { guestKey, properties } from '../../ova/properties.ts'
import type { Values } from './settings.ts'

/** People's passwords, by the account that they are set for. */
export const passwordKeys = { root: 'appliance.root_pwd', admin: 'dispatch.admin_pwd' } as const

/** Used once and kept nowhere. */
export const credentialKeys: readonly string[] = Object.values(passwordKeys)

/** The administrator's own pair: taken whole or not at all. */
export const certificateKeys = { certificate: 'appliance.tls_cert', key: 'appliance.tls_cert_key' }

const secretKeys = new Set(properties.filter(({ password }) => password === true).map(guestKey))

/** Of such a key the whole value is secret. */
export const isSecretKey = (key: string): boolean => secretKeys.has(key)

/** Undefined where nothing of it can be shown. A proxy is shown without user and password, however it is written. */
export function showValue(key: string, text: string): string | undefined {
  if (isSecretKey(key)) return undefined
  return /^network\.https?_proxy$/.test(key) ? text.replace(/^(\s*(?:[a-z\d+.-]+:)?(?:\/\/)?)[\s\S]*@/i, '$1') : text
}

/** What is left of a value without its secret; the value itself where it holds none. */
export const blankSecret = (key: string, text: string): string => showValue(key, text) ?? ''

/** Without what nobody is shown. */
export const withoutSecrets = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, text]) => {
      const shown = showValue(key, text)
      return shown === undefined ? [] : [[key, shown]]
    }),
  )

/** Who sends back a value as it was shown means the one that it stands for. */
export const restoreSecrets = (sent: Values, stored: Values): Values =>
  Object.fromEntries(
    Object.entries(sent).map(([key, text]) => {
      const own = stored[key]
      return [key, own !== undefined && text === showValue(key, own) ? own : text]
    }),
  )
