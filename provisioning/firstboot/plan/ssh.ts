/** What of SSH depends on settings; the rest is sshd_config.d/10-appliance.conf. */
import type { Credentials, Login, Settings } from '../settings.ts'
import { type Facts, planFile, planRestart, renderLines, type Step } from './step.ts'
import { rootKeys } from './users.ts'

/** Before the shipped one: sshd takes the first value of a key. */
const path = '/etc/ssh/sshd_config.d/05-appliance.conf'

/** By the name that the base gives it. */
export const sshUnitOf = (base: Facts['base']): string => (base === 'debian' ? 'ssh.service' : 'sshd.service')

export function planSsh(settings: Settings, facts: Facts, credentials: Credentials): Step[] {
  const logins = listPasswordLogins(settings, facts, credentials)
  const lines = [
    `PermitRootLogin ${settings.ssh.rootLogin === 'refused' ? 'no' : 'yes'}`,
    `PasswordAuthentication ${logins.length > 0 ? 'yes' : 'no'}`,
  ]
  const why = logins.length > 0 ? `keys, and passwords of ${logins.join(' and ')}` : 'keys alone'
  return [
    planFile({ path, text: renderLines(lines), why: `SSH: ${why}` }),
    planRestart([sshUnitOf(facts.base)], [path]),
  ]
}

/** Whether anybody could log in over SSH, once this plan is applied: else its port stays closed. */
export function isSshUsable(settings: Settings, facts: Facts, credentials: Credentials): boolean {
  const keys = settings.ssh.authorizedKeys.length + rootKeys(settings).length
  return keys > 0 || listPasswordLogins(settings, facts, credentials).length > 0
}

function listPasswordLogins({ ssh }: Settings, { passwords }: Facts, given: Credentials): Login[] {
  const logins: Login[] = passwords.filter(login => !given.withdrawn?.includes(login))
  if (given.rootPassword !== undefined) logins.push('root')
  if (given.adminPassword !== undefined) logins.push('admin')
  return [...new Set(logins)].filter(login => login === 'admin' || ssh.rootLogin !== 'refused')
}
