/** Owns `create secret`. */
import { atLeast, defineCommand } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { checkArity } from '../parser/arity.ts'
import { resources } from '../resources.ts'
import { loadObject, loadPairs, mergeValues, valueFlags } from '../secret-values.ts'
import { waitFlags } from '../wait.ts'
import { createObject, tagsOrNull } from './create-object.ts'

export const command = defineCommand({
  usage: 'SECRET_NAME [SECRETS_FILE]',
  description:
    "Create a secret from a JSON file of names and texts, from single values, or from both. An empty file name ('') makes one without values.",
  examples: [
    'dispatch create secret open-sesame secret.json',
    'dispatch create secret mail --from-env MAIL_PASSWORD --from-file key=id_ed25519',
    'pass show mail | dispatch create secret mail --from-file password=-',
  ],
  arity: {},
  flags: { ...applicationFlag, ...valueFlags, ...waitFlags },
  async run(invocation) {
    const { args, flags, given, io } = invocation
    const [name = '', path = ''] = args
    const hasValues = Object.keys(valueFlags).some(flag => given.has(flag))
    checkArity(atLeast(hasValues ? 1 : 2), args.length)
    const loaded = path === '' ? {} : await loadObject(io.cwd, path)
    const values = mergeValues(loaded, await loadPairs(invocation))
    const secrets = path === '' && !hasValues ? {} : { secrets: values }
    return createObject(invocation, resources.secret, { name, ...secrets, tags: tagsOrNull(flags.application) })
  },
})
