/** Programs that keep their set-user-id or set-group-id bit, each with the reason; sealing takes it from all others. */
import type { Exception } from './exception.ts'

export const specialBitsRule = 'no rights by set-user-id or set-group-id'

export const privileged: readonly Exception[] = Object.entries({
  '/usr/bin/su': "who came in without root's key becomes root by root's password",
  '/usr/bin/passwd': 'a user changes his own password',
  '/usr/sbin/unix_chkpwd': "PAM lets it compare a user's own password, so that the asking program needs no rights",
}).map(([path, reason]) => ({ rule: specialBitsRule, path, reason }))
