/** Owns `create function`. */
import { defineCommand, exactly } from '../command.ts'
import { loadText, parseJsonText } from '../files.ts'
import { applicationFlag } from '../flag.ts'
import { type Json, type JsonObject, numberOf } from '../format/json.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { applicationTags, createObject } from './create-object.ts'

async function loadSchema(cwd: string, path: string): Promise<Json> {
  if (path === '') return null
  const text = await loadText({ cwd, path }, `error when reading content of ${path}`)
  return parseJsonText(text, `error when parsing JSON from ${path}`)
}

interface LimitFlags {
  readonly memory: bigint
  readonly cpu: number
  readonly concurrency: bigint
  readonly network: string
}

/** What is not given is not sent: the server decides. */
const limitsOf = ({ memory, cpu, concurrency, network }: LimitFlags): JsonObject => ({
  ...(memory !== 0n && { memory: numberOf(String(memory)) }),
  ...(cpu !== 0 && { cpu: numberOf(String(cpu)) }),
  ...(concurrency !== 0n && { concurrency: numberOf(String(concurrency)) }),
  ...(network !== '' && { network }),
})

export const command = defineCommand({
  usage: 'NAME PATH',
  description: 'Create a function from a source file or a directory. A directory may hold a .dispatchignore file.',
  examples: [
    'dispatch create function hello server/runtimes/python3/example/hello.py --image python3',
    'dispatch create function hello-js server/runtimes/nodejs/example --handler ./hello.js --image nodejs',
  ],
  arity: exactly(2),
  flags: {
    ...applicationFlag,
    image: {
      kind: 'text',
      value: 'IMAGE',
      completes: 'Image',
      required: true,
      summary: 'image that the function runs on',
    },
    handler: { kind: 'text', value: 'NAME', summary: 'what to call, e.g. hello.handle; needed for a directory' },
    'schema-in': { kind: 'text', value: 'FILE', summary: 'JSON schema that every input must satisfy' },
    'schema-out': { kind: 'text', value: 'FILE', summary: 'JSON schema that every output must satisfy' },
    secret: {
      kind: 'names',
      value: 'NAMES',
      completes: 'Secret',
      summary: 'secrets that the function gets; repeatable or comma-separated',
    },
    service: { kind: 'texts', value: 'NAME', summary: 'service bindings that the function gets; repeatable' },
    timeout: { kind: 'integer', value: 'MS', summary: 'milliseconds that a call may take, 0 = no limit' },
    memory: { kind: 'integer', value: 'MIB', summary: 'memory of the function in MiB, at least 16' },
    cpu: { kind: 'number', value: 'CORES', summary: 'share of the cores, e.g. 0.5' },
    concurrency: { kind: 'integer', value: 'N', summary: 'calls answered at the same time, at most 1000' },
    network: {
      kind: 'text',
      value: 'KIND',
      completes: ['egress', 'none'],
      summary: 'egress: out to other machines, as without the flag; none: nowhere',
    },
    ...waitFlags,
  },
  async run(invocation) {
    const { flags, io } = invocation
    const [name = '', path = ''] = invocation.args
    const { packSource } = await import('../source/archive.ts')
    const source = await packSource({ functionName: name, cwd: io.cwd, path, handler: flags.handler })
    const body = {
      source,
      image: flags.image,
      handler: flags.handler,
      name,
      reason: null,
      schema: {
        in: await loadSchema(io.cwd, flags['schema-in']),
        out: await loadSchema(io.cwd, flags['schema-out']),
      },
      secrets: [...flags.secret],
      services: [...flags.service],
      ...(flags.timeout === 0n ? {} : { timeout: numberOf(String(flags.timeout)) }),
      ...limitsOf(flags),
      tags: applicationTags(flags.application),
    }
    return createObject(invocation, resources.function, body)
  },
})
