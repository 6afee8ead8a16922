/** Paths that break a rule all the same, each with the reason. Data only. */
import type { Exception } from './exception.ts'
import { privileged } from './privileged.ts'

const link = (path: string, reason: string): Exception => ({ rule: 'no broken link', path, reason })

export const exceptions: readonly Exception[] = [
  ...privileged,
  link('/etc/default/locale', 'login reads here what localectl writes to /etc/locale.conf'),
  link('/etc/vconsole.conf', 'systemd reads here what localectl writes to /etc/default/keyboard'),
  link('/var/lib/wtmpdb/wtmp.db', 'the first login makes the list of logins that it names'),
  link('/usr/share/zoneinfo/localtime', 'an image has no /etc/localtime: its functions have UTC'),
]
