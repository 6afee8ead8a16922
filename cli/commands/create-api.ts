/** Owns `create api`. */
import { apiFlags, protocolsOf, saidAdditions } from '../api-fields.ts'
import { defineCommand, exactly } from '../command.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { applicationTags, createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'API_NAME FUNCTION_NAME',
  description: 'Create an API: paths of the gateway at which a function answers.',
  examples: [
    'dispatch create api hello-api hello --method POST --method GET --path /hello',
    'dispatch create api shop cart --domain shop.example.com --https-only --cors',
    'dispatch create api members hello --path /members --auth basic --auth-secret users --rate-limit 100/60',
  ],
  arity: exactly(2),
  completes: ['', 'Function'],
  flags: { ...apiFlags, ...waitFlags },
  run(invocation) {
    const { args, flags } = invocation
    const [name = '', functionName = ''] = args
    return createObject(invocation, resources.api, {
      authentication: flags.auth,
      ...(flags.cors && { cors: true }),
      ...(!flags.disable && { enabled: true }),
      function: functionName,
      hosts: [...flags.domain],
      methods: [...flags.method],
      name,
      ...saidAdditions(flags),
      protocols: protocolsOf(flags),
      tags: applicationTags(flags.application),
      ...(flags.tls && { tls: flags.tls }),
      uris: [...flags.path],
    })
  },
})
