/** Owns `create api`. */
import { defineCommand, exactly } from '../command.ts'
import { applicationFlag } from '../flag.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { applicationTags, createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'API_NAME FUNCTION_NAME',
  description: 'Create an API: paths of the gateway at which a function answers.',
  examples: [
    'dispatch create api hello-api hello --method POST --method GET --path /hello',
    'dispatch create api shop cart --domain shop.example.com --https-only --cors',
  ],
  arity: exactly(2),
  completes: ['', 'Function'],
  flags: {
    ...applicationFlag,
    domain: { kind: 'names', short: 'd', value: 'HOSTS', summary: 'hosts that it answers for; without, any host' },
    path: {
      kind: 'names',
      short: 'p',
      value: 'PATHS',
      fallback: '/',
      summary: 'paths that it answers at, below the organization unless it has hosts',
    },
    method: {
      kind: 'names',
      short: 'm',
      value: 'METHODS',
      fallback: 'GET',
      summary: 'methods that it answers to; repeatable or comma-separated',
    },
    'https-only': { kind: 'toggle', summary: 'refuse plain HTTP' },
    disable: { kind: 'toggle', summary: 'create it switched off' },
    cors: { kind: 'toggle', summary: 'let pages of other origins call it' },
    response: {
      kind: 'text',
      value: 'FORM',
      completes: ['stream', 'events'],
      summary: 'what the output becomes: "stream", or "events" for server-sent ones; without, JSON',
    },
    tls: {
      kind: 'text',
      value: 'SECRET',
      completes: 'Secret',
      summary: 'secret with the certificate for its hosts: values certificate and key',
    },
    auth: { kind: 'text', value: 'KIND', fallback: 'public', summary: 'how callers authenticate' },
    ...waitFlags,
  },
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
      ...(flags.response !== '' && { response: flags.response }),
      protocols: flags['https-only'] ? ['https'] : ['http', 'https'],
      tags: applicationTags(flags.application),
      ...(flags.tls && { tls: flags.tls }),
      uris: [...flags.path],
    })
  },
})
