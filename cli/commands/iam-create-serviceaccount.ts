/** Owns `iam create serviceaccount`. */
import { defineCommand, exactly } from '../command.ts'
import { Failure } from '../failure.ts'
import { loadBytes } from '../files.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'SERVICE_ACCOUNT_NAME',
  description: 'Create a service account: a program that authenticates by its key.',
  examples: ['dispatch iam create serviceaccount robot --public-key robot.pem'],
  arity: exactly(1),
  flags: {
    'public-key': { kind: 'text', value: 'FILE', summary: 'its RSA public key (PEM)' },
    ...waitFlags,
  },
  async run(invocation) {
    const path = invocation.flags['public-key']
    const key = await loadBytes({ cwd: invocation.io.cwd, path }, 'Error reading public key file')
    if (key.includes('PRIVATE KEY'))
      throw new Failure(
        `${path} holds a private key, which nobody else may have: make the public one of it, see openssl pkey -pubout`,
      )
    const name = invocation.args[0] ?? ''
    return createObject(invocation, resources.serviceAccount, { name, publicKey: key.toString('base64') })
  },
})
