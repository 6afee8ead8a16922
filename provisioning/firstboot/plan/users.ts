/** Who may log in: passwords, given once, and keys. The accounts themselves are sysusers.d/dispatch.conf's. */
import type { Credentials, Login, Settings } from '../settings.ts'
import { planAbsent, planFile, renderLines, type Step } from './step.ts'

/** Beside an account's own file, which is left to its owner. sshd reads it as the account: all may. */
export const keysFolder = '/etc/ssh/authorized_keys.d'

export function planUsers(settings: Settings, credentials: Credentials): Step[] {
  return [
    ...planPassword('root', credentials.rootPassword),
    ...planPassword('admin', credentials.adminPassword),
    ...(credentials.withdrawn ?? []).map(planLock),
    planKeys('admin', settings.ssh.authorizedKeys),
    planKeys('root', rootKeys(settings)),
  ]
}

/** Not without having been asked for. */
export const rootKeys = ({ ssh }: Settings): readonly string[] =>
  ssh.rootLogin === 'permitted' ? ssh.authorizedKeys : []

function planPassword(login: Login, password: string | undefined): Step[] {
  if (password === undefined) return []
  const stdin = `${login}:${password}\n`
  const why = `the password of ${login}`
  return [{ kind: 'command', argv: ['chpasswd'], stdin, password: login, when: 'always', why }]
}

const planLock = (login: Login): Step => ({
  ...{ kind: 'command', argv: ['passwd', '--lock', login], password: login, when: 'always' },
  why: `${login} has no password: what it was set for has failed`,
})

function planKeys(login: Login, keys: readonly string[]): Step {
  const path = `${keysFolder}/${login}`
  const why = `keys by which ${login} may log in over SSH`
  return keys.length > 0 ? planFile({ path, text: renderLines(keys), why }) : planAbsent(path, why)
}
