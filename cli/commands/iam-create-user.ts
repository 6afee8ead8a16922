/** Owns `iam create user`. */
import { defineCommand, exactly } from '../command.ts'
import { UsageError } from '../failure.ts'
import { loadNewPassword, passwordFlags } from '../password.ts'
import { credentials } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'USER_NAME',
  description:
    'Create a user: a person who logs in with a password, which is asked for, or by OpenID Connect. Policies say what it may do.',
  examples: ['dispatch iam create user jon', 'pwgen 20 1 | dispatch iam create user jon --password-stdin'],
  arity: exactly(1),
  flags: {
    ...passwordFlags,
    'no-password': { kind: 'toggle', summary: 'one that can only log in by OpenID Connect' },
    ...waitFlags,
  },
  async run(invocation) {
    const name = invocation.args[0] ?? ''
    if (invocation.flags['no-password'] && invocation.flags['password-stdin'])
      throw new UsageError('--no-password and --password-stdin exclude each other')
    if (invocation.flags['no-password']) return createObject(invocation, credentials.user, { name })
    const [password = ''] = await loadNewPassword(invocation, [`Password of ${name}: `])
    return createObject(invocation, credentials.user, { name, password })
  },
})
