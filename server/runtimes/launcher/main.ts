/** Starts the launcher: `launcher.cjs --language L [--out-of-memory PATTERN] -- COMMAND...`, the first process of a container. */
import { parseArgs } from 'node:util'
import { runLauncher } from './launcher.ts'

const { values, positionals } = parseArgs({
  options: { language: { type: 'string', default: '' }, 'out-of-memory': { type: 'string' } },
  allowPositionals: true,
})
const pattern = values['out-of-memory']
const { DISPATCH_ENGINE = '/run/dispatch/engine.sock', DISPATCH_FUNCTION = '/function' } = process.env

runLauncher({
  language: values.language,
  outOfMemory: pattern === undefined ? undefined : new RegExp(pattern, 'm'),
  command: positionals,
  enginePath: DISPATCH_ENGINE,
  directory: DISPATCH_FUNCTION,
  env: process.env,
})
