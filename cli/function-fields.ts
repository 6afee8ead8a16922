/** Owns what the flags of `create function` and `update function` say, and the fields of a function that they become. */
import { loadText, parseJsonText } from './files.ts'
import { applicationFlag, type FlagTable, type FlagValues } from './flag.ts'
import { type Json, type JsonObject, numberOf } from './format/json.ts'

const limitFlags = {
  memory: { kind: 'integer', value: 'MIB', summary: 'memory of the function in MiB, at least 16' },
  cpu: { kind: 'number', value: 'CORES', summary: 'share of the cores, e.g. 0.5' },
  concurrency: { kind: 'integer', value: 'N', summary: 'calls answered at the same time, at most 1000' },
  network: {
    kind: 'text',
    value: 'KIND',
    completes: ['egress', 'none'],
    summary: 'egress: out to other machines, as without the flag; none: nowhere',
  },
} as const satisfies FlagTable

export const functionFlags = {
  ...applicationFlag,
  image: { kind: 'text', value: 'IMAGE', completes: 'Image', summary: 'image that the function runs on' },
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
  ...limitFlags,
} as const satisfies FlagTable

/** Null for no file: anything is allowed. */
export async function loadSchema(cwd: string, path: string): Promise<Json> {
  if (path === '') return null
  const text = await loadText({ cwd, path }, `error when reading content of ${path}`)
  return parseJsonText(text, `error when parsing JSON from ${path}`)
}

/** What is not given is not sent: the server decides. */
export const limitsOf = ({ memory, cpu, concurrency, network }: FlagValues<typeof limitFlags>): JsonObject => ({
  ...(memory !== 0n && { memory: numberOf(String(memory)) }),
  ...(cpu !== 0 && { cpu: numberOf(String(cpu)) }),
  ...(concurrency !== 0n && { concurrency: numberOf(String(concurrency)) }),
  ...(network !== '' && { network }),
})
